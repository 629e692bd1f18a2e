"""Every option of a project, on a screen that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    FormattedTextControl,
    HSplit,
    VSplit,
    Window,
)

from stackgen.cli.interview.drawing import ENTER, drawn, insert_pasted, run
from stackgen.cli.interview.options import OptionsForm
from stackgen.cli.interview.options_view import OptionsState, options_view
from stackgen.cli.interview.prompts import BACK, Step
from stackgen.errors import StackgenError
from stackgen.text.styled import Line

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent


def set_options(form: OptionsForm) -> Step | None:
    """See `Terminal.set_options`."""
    state = OptionsState(form=form, name=form.rows[0].name)
    editor = Buffer(multiline=False)
    title = f"Options, {form.decision.framework_name}"

    def view(part: int) -> Callable[[int, int], Sequence[Line]]:
        return lambda columns, rows: options_view(state, title, columns, rows - 1)[part]

    above, below = drawn(view(0)), drawn(view(1), fills=True)
    line = VSplit(
        [
            Window(FormattedTextControl(lambda: f"  {state.name}: "), dont_extend_width=True),
            Window(BufferControl(editor), height=1),
        ]
    )
    shown = ConditionalContainer(line, Condition(lambda: state.editing))
    step: Step | None = run(HSplit([above, shown, below]), _keys(state, editor), focus=above)
    return step


def _keys(state: OptionsState, editor: Buffer) -> KeyBindings:
    keys = KeyBindings()
    listing = ~Condition(lambda: state.editing)

    for key in ENTER:
        keys.add(key, filter=listing)(lambda event: event.app.exit(result=None))
    for key, places in (("up", -1), ("down", 1), ("c-p", -1), ("c-n", 1)):
        keys.add(key, filter=listing)(lambda _event, places=places: state.move(places))
    keys.add("tab", filter=listing)(lambda _event: state.move(1))
    keys.add("s-tab", filter=listing)(lambda _event: state.move(-1))
    for key, places in (("left", -1), ("right", 1), (" ", 1)):
        keys.add(key, filter=listing)(
            lambda event, places=places: _change(event, state, editor, places)
        )
    keys.add("backspace", filter=listing)(lambda _event: state.narrow(state.filter[:-1]))
    for key in ("escape", "<"):
        keys.add(key, filter=listing, eager=True)(lambda event: _leave(event, state))
    keys.add(Keys.Any, filter=listing)(lambda event: _filter(state, event.data))
    keys.add(Keys.BracketedPaste, filter=listing)(lambda event: _filter(state, event.data))

    for key in ENTER:
        keys.add(key, filter=~listing, eager=True)(lambda event: _take(event, state, editor))
    keys.add("escape", filter=~listing, eager=True)(lambda event: _stop_editing(event, state))
    keys.add(Keys.BracketedPaste, filter=~listing)(lambda event: insert_pasted(editor, event.data))
    return keys


def _leave(event: KeyPressEvent, state: OptionsState) -> None:
    if state.filter:
        state.narrow("")
    else:
        event.app.exit(result=BACK)


def _filter(state: OptionsState, typed: str) -> None:
    state.narrow(state.filter + "".join(typed.split()) if typed.isprintable() else state.filter)


def _change(event: KeyPressEvent, state: OptionsState, editor: Buffer, places: int) -> None:
    row = state.row
    if row is None or not row.open:
        return
    if not state.form.takes_text(row.name):
        state.message = state.form.turn(row.name, places)
        return
    state.editing, state.message = True, ""
    editor.reset(Document(row.value))
    event.app.layout.focus(editor)


def _take(event: KeyPressEvent, state: OptionsState, editor: Buffer) -> None:
    try:
        state.form.set(state.name, editor.text)
    except StackgenError as error:
        state.message = str(error)
    else:
        _stop_editing(event, state)


def _stop_editing(event: KeyPressEvent, state: OptionsState) -> None:
    state.editing, state.message = False, ""
    event.app.layout.focus_last()
