"""A line of text to edit, on a screen that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import BufferControl, HSplit, Window

from stackgen.cli.interview.drawing import ENTER, drawn, insert_pasted, run
from stackgen.cli.interview.prompts import BACK, Prompt, Step
from stackgen.errors import StackgenError
from stackgen.text.styled import Line, Style, folded

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent


def type_in(prompt: Prompt, default: str, check: Callable[[str], object]) -> str | Step:
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
    screen = HSplit([drawn(above), line, drawn(below, fills=True)])
    typed: str | Step = run(screen, _keys(prompt, editor, check, refusal), focus=line)
    return typed


@dataclass(slots=True)
class _Refusal:
    """Why a text was not taken; empty until one was not."""

    text: str = ""


def _keys(
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

    for key in ENTER:
        keys.add(key, eager=True)(take)
    if prompt.back:
        keys.add("escape", eager=True)(lambda event: event.app.exit(result=BACK))
    keys.add(Keys.BracketedPaste)(lambda event: insert_pasted(editor, event.data))
    return keys
