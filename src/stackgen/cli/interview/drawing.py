"""How a screen is drawn and its keys are read: what every screen has in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.key_binding import KeyBindings, KeyPress
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.styles import Style as Sheet

from stackgen.text.styled import COLOURS, Line, Part, Style

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent

ENTER = ("enter", "c-j")
"""Enter, and what it is in a terminal that was in its line mode when it was typed."""

ESCAPE_SECONDS = 0.2
"""How long a lone Esc waits for the rest of a sequence: a slow line may bring it in parts."""

_SHEET = Sheet(
    [
        (Style.STRONG.value, "bold"),
        (Style.DIM.value, "dim"),
        *((style.value, f"#{colour}") for style, colour in COLOURS.items()),
    ]
)


def run(screen: Any, keys: KeyBindings, *, focus: Window | None = None) -> Any:
    """Draw a screen until a key ends it, and erase it.

    Args:
        screen: A window, or a container of several.
        keys: What the keys do; Ctrl-C and Ctrl-D leave everything.
        focus: The window that has the keys at first.

    Returns:
        What the screen was left with.

    Raises:
        KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
    """
    for key in ("c-c", "c-d", "<sigint>"):
        keys.add(key, eager=True)(_interrupt)
    application: Application[Any] = Application(
        layout=Layout(screen, focus), key_bindings=keys, style=_SHEET, erase_when_done=True
    )
    application.ttimeoutlen = ESCAPE_SECONDS
    try:
        return application.run()
    except EOFError:  # The terminal has gone.
        raise KeyboardInterrupt from None


def _interrupt(event: KeyPressEvent) -> None:
    event.app.exit(exception=KeyboardInterrupt())


def drawn(view: Callable[[int, int], Sequence[Line]], *, fills: bool = False) -> Window:
    """Return a window that shows what a view makes of the terminal's size, at every drawing.

    Args:
        view: From columns and rows to lines.
        fills: Whether it takes the rows that are left.
    """

    def text() -> StyleAndTextTuples:
        lines = view(*size())
        return [
            (f"class:{part.style.value}", part.text)
            for number, line in enumerate(lines)
            for part in ([Part("\n")] if number else []) + list(line)
        ]

    control = FormattedTextControl(text, focusable=True, show_cursor=False)
    return Window(control, dont_extend_height=not fills, wrap_lines=False)


def size() -> tuple[int, int]:
    """Return columns and rows to draw in: what is drawn in the last ones may make it scroll."""
    found = get_app().output.get_size()
    return max(found.columns - 1, 20), max(found.rows - 1, 3)


def insert_pasted(editor: Buffer, pasted: str) -> None:
    """Put pasted text into a line: its line breaks are spaces."""
    editor.insert_text(" ".join(pasted.split()))


def type_pasted(event: KeyPressEvent) -> None:
    """Take pasted text for keys: what one question leaves of it reaches the next ones."""
    presses = [
        KeyPress(Keys.ControlM if character == "\n" else character)
        for character in event.data.replace("\r\n", "\n").replace("\r", "\n")
    ]
    event.key_processor.feed_multiple(presses, first=True)
