"""Lines whose parts have a style: what a terminal may show in colour, and what it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from stackgen.text.layout import fold


class Style(Enum):
    """What a part of a line means. Each also shows without colour: by a sign, a word or a place."""

    PLAIN = "plain"
    STRONG = "strong"
    DIM = "dim"
    CHOSEN = "chosen"
    AGAINST = "against"


class Colour(NamedTuple):
    """A colour: its number among the 256 of xterm, and what that number looks like, `rrggbb`."""

    number: int
    rgb: str


# Of the cube that no theme of a terminal changes, each with a contrast of at least 4.5 on white
# and on black alike (WCAG 2.2, relative luminance): few of its 216 have that.
COLOURS = {Style.CHOSEN: Colour(29, "00875f"), Style.AGAINST: Colour(131, "af5f5f")}

_SGR = {
    Style.STRONG: "1",
    Style.DIM: "2",
    **{style: f"38;5;{colour.number}" for style, colour in COLOURS.items()},
}


class Part(NamedTuple):
    """A piece of a line."""

    text: str
    style: Style = Style.PLAIN


Line = Sequence[Part]


def folded(
    text: str, columns: int, *, first: str = "", rest: str = "", style: Style = Style.PLAIN
) -> list[Line]:
    """Return a paragraph as lines of one style, no longer than the columns.

    Args:
        text: The paragraph; it may hold foreign text.
        columns: The columns of a line.
        first: What stands before the first line.
        rest: What stands before every other line.
        style: The style of all of it.
    """
    return [[Part(line, style)] for line in fold(text, columns, first=first, rest=rest)]


def plain(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(part.text for part in line)


def coloured(lines: Iterable[Line], *, colour: bool) -> str:
    """Return lines for a terminal; without colour no sequence is in them.

    Args:
        lines: The lines.
        colour: Whether styles are shown.
    """
    return "\n".join("".join(_coloured(part, colour=colour) for part in line) for line in lines)


def _coloured(part: Part, *, colour: bool) -> str:
    if not colour or part.style not in _SGR:
        return part.text
    return f"\033[{_SGR[part.style]}m{part.text}\033[0m"
