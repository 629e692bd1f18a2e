"""A question with its choices, on a screen that is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

from stackgen.cli.interview.drawing import ENTER, drawn, run, size, type_pasted
from stackgen.cli.interview.list_view import (
    MOST_DIGITS,
    ListState,
    furthest,
    list_view,
    scrolled_view,
)
from stackgen.cli.interview.prompts import BACK, Prompt, Step
from stackgen.text.styled import Line

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent


def choose(prompt: Prompt, choices: Sequence[tuple[str, str]], default: str) -> str | Step:
    """See `Terminal.choose`."""
    values = [value for value, _ in choices]
    state = ListState(choices=choices, at=values.index(default))
    text = _Text()

    def view(columns: int, rows: int) -> Sequence[Line]:
        if text.whole is not None:
            return scrolled_view(text.whole, text.top, columns, rows)
        return list_view(prompt, state, columns, rows)

    chosen: str | Step = run(drawn(view), _keys(prompt, state, text))
    return chosen


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
        self.top = min(max(self.top + lines, 0), furthest(self.whole or "", size()[1]))


def _keys(prompt: Prompt, state: ListState, text: _Text) -> KeyBindings:
    keys, listing = KeyBindings(), ~text.is_open

    def accept(event: KeyPressEvent) -> None:
        event.app.exit(result=state.choices[state.at][0])

    for key in ENTER:
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
    keys.add(Keys.BracketedPaste)(type_pasted)
    _add_reading_keys(keys, text)
    return keys


def _add_reading_keys(keys: KeyBindings, text: _Text) -> None:
    """Add the keys that count while a long text lies over the question."""
    reading = text.is_open
    for key in (*ENTER, "escape", "q", "left", "backspace"):
        keys.add(key, filter=reading)(lambda _event: text.close())
    for key, places in (("up", -1), ("down", 1), ("k", -1), ("j", 1)):
        keys.add(key, filter=reading)(lambda _event, places=places: text.move(places))
    for key, pages in (("pageup", -1), ("pagedown", 1), (" ", 1), ("b", -1)):
        keys.add(key, filter=reading)(lambda _event, pages=pages: text.move(pages * size()[1]))


def _explain(prompt: Prompt, state: ListState, text: _Text) -> None:
    if text.whole is not None:
        text.close()
    elif prompt.everything:
        text.whole, text.top = prompt.everything(size()[0]), 0
    else:
        state.explains = not state.explains
