"""A terminal that is drawn on: one key is one answer, and what is withdrawn goes away."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application, create_app_session, get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPress
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    VSplit,
    Window,
)
from prompt_toolkit.output import create_output
from prompt_toolkit.styles import Style as Sheet

from stackgen.cli.interview.options import OptionsForm
from stackgen.cli.interview.prompts import BACK, Prompt, Step
from stackgen.cli.interview.views import (
    ListState,
    OptionsState,
    furthest,
    list_view,
    options_view,
    scrolled_view,
)
from stackgen.errors import StackgenError
from stackgen.text.styled import COLOURS, Line, Part, Style, folded

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent

MOST_DIGITS = 9
"""The longest list in which a digit answers at once."""

ESCAPE_SECONDS = 0.05
"""How long a lone Esc waits for the rest of a sequence: a slow line may bring it in parts."""

_SHEET = Sheet(
    [
        (Style.STRONG.value, "bold"),
        (Style.DIM.value, "dim"),
        *((style.value, f"#{colour.rgb}") for style, colour in COLOURS.items()),
    ]
)


@contextmanager
def key_terminal() -> Iterator[KeyTerminal]:
    """Give a terminal whose keys are read one by one until the block is left.

    It stays in that mode between questions, so that what is typed ahead or pasted is neither
    echoed nor lost: it reaches the next question.
    """
    keys, output = create_input(sys.stdin), create_output(stdout=sys.stderr)
    # Not every terminal answers a request for the cursor's position; none is needed here.
    if hasattr(output, "enable_cpr"):
        output.enable_cpr = False
    with create_app_session(input=keys, output=output), keys.raw_mode():
        yield KeyTerminal()


class KeyTerminal:
    """See `Terminal`, which this is one of."""

    def choose(
        self, prompt: Prompt, choices: Sequence[tuple[str, str]], default: str
    ) -> str | Step:
        """See `Terminal.choose`."""
        values = [value for value, _ in choices]
        state = ListState(choices=choices, at=values.index(default))
        text = _Text()

        def view(columns: int, rows: int) -> Sequence[Line]:
            if text.whole is not None:
                return scrolled_view(text.whole, text.top, columns, rows)
            return list_view(prompt, state, columns, rows)

        chosen: str | Step = _run(_application(_drawn(view), _list_keys(prompt, state, text)))
        return chosen

    def type_in(self, prompt: Prompt, default: str, check: Callable[[str], object]) -> str | Step:
        """See `Terminal.type_in`."""
        editor, refusal = Buffer(multiline=False), _Refusal()
        editor.reset(Document(default))

        def above(columns: int, _rows: int) -> Sequence[Line]:
            return folded(prompt.title, columns, style=Style.STRONG)

        def below(columns: int, _rows: int) -> Sequence[Line]:
            keys = "Enter takes it" + (" · Esc back" if prompt.back else "")
            return [
                *folded(refusal.text, columns, first="  ! ", rest="    ", style=Style.AGAINST),
                *folded(keys, columns, first="  ", rest="  ", style=Style.DIM),
            ]

        line = Window(BufferControl(editor), height=1)
        screen = HSplit([_drawn(above), line, _drawn(below, fills=True)])
        keys = _text_keys(prompt, editor, check, refusal)
        typed: str | Step = _run(_application(screen, keys, focus=line))
        return typed

    def set_options(self, form: OptionsForm) -> Step | None:
        """See `Terminal.set_options`."""
        state = OptionsState(form=form, name=form.rows[0].name)
        editor = Buffer(multiline=False)
        title = f"Options, {form.decision.framework_name}"

        def view(part: int) -> Callable[[int, int], Sequence[Line]]:
            return lambda columns, rows: options_view(state, title, columns, rows - 1)[part]

        above, below = _drawn(view(0)), _drawn(view(1), fills=True)
        line = VSplit(
            [
                Window(FormattedTextControl(lambda: f"  {state.name}: "), dont_extend_width=True),
                Window(BufferControl(editor), height=1),
            ]
        )
        shown = ConditionalContainer(line, Condition(lambda: state.editing))
        keys = _option_keys(state, editor)
        step: Step | None = _run(_application(HSplit([above, shown, below]), keys, focus=above))
        return step


def _run(application: Application[Any]) -> Any:
    try:
        return application.run()
    except EOFError:  # The terminal has gone.
        raise KeyboardInterrupt from None


def _application(
    screen: Any, keys: KeyBindings, *, focus: Window | None = None
) -> Application[Any]:
    for key in ("c-c", "c-d", "<sigint>"):
        keys.add(key, eager=True)(_interrupt)
    application: Application[Any] = Application(
        layout=Layout(screen, focus), key_bindings=keys, style=_SHEET, erase_when_done=True
    )
    application.ttimeoutlen = ESCAPE_SECONDS
    return application


def _interrupt(event: KeyPressEvent) -> None:
    event.app.exit(exception=KeyboardInterrupt())


def _drawn(view: Callable[[int, int], Sequence[Line]], *, fills: bool = False) -> Window:
    """Return a window that shows what a view makes of the terminal's size, at every drawing.

    Args:
        view: From columns and rows to lines.
        fills: Whether it takes the rows that are left.
    """

    def text() -> StyleAndTextTuples:
        lines = view(*_size())
        return [
            (f"class:{part.style.value}", part.text)
            for number, line in enumerate(lines)
            for part in ([Part("\n")] if number else []) + list(line)
        ]

    control = FormattedTextControl(text, focusable=True, show_cursor=False)
    return Window(control, dont_extend_height=not fills, wrap_lines=False)


def _size() -> tuple[int, int]:
    """Return columns and rows to draw in: what is drawn in the last ones may make it scroll."""
    size = get_app().output.get_size()
    return max(size.columns - 1, 20), max(size.rows - 1, 3)


def _list_keys(prompt: Prompt, state: ListState, text: _Text) -> KeyBindings:
    keys, listing = KeyBindings(), ~text.is_open

    def accept(event: KeyPressEvent) -> None:
        event.app.exit(result=state.choices[state.at][0])

    for key in ("enter", "c-j"):  # The second is Enter in a terminal that still was in line mode.
        keys.add(key, filter=listing)(accept)
    for key, places in (("up", -1), ("down", 1), ("c-p", -1), ("c-n", 1), ("k", -1), ("j", 1)):
        keys.add(key, filter=listing)(lambda _event, places=places: state.move(places))
    keys.add("home", filter=listing)(lambda _event: state.move(-state.at))
    keys.add("end", filter=listing)(lambda _event: state.move(-state.at - 1))
    if len(state.choices) <= MOST_DIGITS:
        for number, (value, _) in enumerate(state.choices, 1):
            keys.add(str(number), filter=listing)(
                lambda event, value=value: event.app.exit(result=value)
            )
    if prompt.back:
        for key in ("left", "backspace", "escape", "<"):
            keys.add(key, filter=listing)(lambda event: event.app.exit(result=BACK))
    if prompt.everything or prompt.why:
        keys.add("?")(lambda _event: _explain(prompt, state, text))
    keys.add(Keys.BracketedPaste)(_type_pasted)
    _add_reading_keys(keys, text)
    return keys


def _add_reading_keys(keys: KeyBindings, text: _Text) -> None:
    """Add the keys that count while a long text lies over the question."""
    reading = text.is_open
    for key in ("enter", "c-j", "escape", "q", "left", "backspace"):
        keys.add(key, filter=reading)(lambda _event: text.close())
    for key, places in (("up", -1), ("down", 1), ("k", -1), ("j", 1)):
        keys.add(key, filter=reading)(lambda _event, places=places: text.move(places))
    for key, pages in (("pageup", -1), ("pagedown", 1), (" ", 1), ("b", -1)):
        keys.add(key, filter=reading)(lambda _event, pages=pages: text.move(pages * _size()[1]))


def _explain(prompt: Prompt, state: ListState, text: _Text) -> None:
    if text.whole is not None:
        text.close()
    elif prompt.everything:
        text.whole, text.top = prompt.everything(_size()[0]), 0
    else:
        state.explains = not state.explains


@dataclass(slots=True)
class _Refusal:
    """Why a text was not taken; empty until one was not."""

    text: str = ""


def _text_keys(
    prompt: Prompt, editor: Buffer, check: Callable[[str], object], refusal: _Refusal
) -> KeyBindings:
    keys = KeyBindings()

    def take(event: KeyPressEvent) -> None:
        try:
            check(editor.text)
        except StackgenError as error:
            refusal.text = str(error)
        else:
            event.app.exit(result=editor.text)

    for key in ("enter", "c-j"):
        keys.add(key, eager=True)(take)
    if prompt.back:
        keys.add("escape", eager=True)(lambda event: event.app.exit(result=BACK))
    keys.add(Keys.BracketedPaste)(lambda event: _insert(editor, event.data))
    return keys


def _insert(editor: Buffer, pasted: str) -> None:
    """Put pasted text into a line: its line breaks are spaces."""
    editor.insert_text(" ".join(pasted.split()))


def _type_pasted(event: KeyPressEvent) -> None:
    """Take pasted text for keys: what one question leaves of it reaches the next ones."""
    presses = [
        KeyPress(Keys.ControlM if character == "\n" else character)
        for character in event.data.replace("\r\n", "\n").replace("\r", "\n")
    ]
    event.key_processor.feed_multiple(presses, first=True)


@dataclass(slots=True)
class _Text:
    """A long text that lies over a question; nothing while the question is to be seen."""

    whole: str | None = None
    top: int = 0

    @property
    def is_open(self) -> Condition:
        return Condition(lambda: self.whole is not None)

    def close(self) -> None:
        self.whole = None

    def move(self, lines: int) -> None:
        self.top = min(max(self.top + lines, 0), furthest(self.whole or "", _size()[1]))


def _option_keys(state: OptionsState, editor: Buffer) -> KeyBindings:
    keys = KeyBindings()
    listing = ~Condition(lambda: state.editing)

    for key in ("enter", "c-j"):
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

    for key in ("enter", "c-j"):
        keys.add(key, filter=~listing, eager=True)(lambda event: _take(event, state, editor))
    keys.add("escape", filter=~listing, eager=True)(lambda event: _stop_editing(event, state))
    keys.add(Keys.BracketedPaste, filter=~listing)(lambda event: _insert(editor, event.data))
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
