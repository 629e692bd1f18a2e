"""Lines whose parts have a style: what a terminal may show in colour, and what it means."""

from __future__ import annotations

from collections.abc import Sequence
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


# As `rrggbb`, of the cube of 216 that no theme of a terminal changes: each has a contrast of at
# least 4.5 on white and on black alike (WCAG 2.2, relative luminance), as few of the cube have.
COLOURS = {Style.CHOSEN: "00875f", Style.AGAINST: "af5f5f"}


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
