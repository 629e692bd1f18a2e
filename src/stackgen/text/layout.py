"""A few headed sections of text, set for a terminal of any width or as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stackgen.foreign_text import one_line

_BOLD, _DIM, _PLAIN = "\033[1m", "\033[2m", "\033[0m"
_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: what there is to say, where that comes from, and what stands before."""

    text: str
    note: str = ""
    mark: str = "-"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its paragraphs, and a list below them."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


def fold(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Return a paragraph as lines no longer than the width, safe for a terminal.

    Args:
        text: The paragraph; it may hold foreign text.
        width: The columns of a line.
        first: What stands before the first line.
        rest: What stands before every other line.
    """
    return textwrap.wrap(
        one_line(" ".join(text.splitlines())),
        max(width, _NARROWEST),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )


def as_text(sections: Iterable[Section], *, width: int, colour: bool) -> str:
    """Return the sections in lines no longer than the width; colour is bold and dim, no more."""
    bold, dim = (_BOLD, _DIM) if colour else ("", "")
    lines: list[str] = []
    for section in sections:
        lines += [""] if lines else []
        lines += _styled(fold(section.title, width), bold)
        for paragraph in section.paragraphs:
            lines += fold(paragraph, width)
        indent = max((len(item.mark) for item in section.items), default=0) + 1
        for item in section.items:
            margin = " " * indent
            lines += fold(item.text, width, first=item.mark.ljust(indent), rest=margin)
            note = f"[{item.note}]" if item.note else ""
            lines += _styled(fold(note, width, first=margin, rest=margin), dim)
    return "\n".join(lines) + "\n"


def as_markdown(sections: Iterable[Section]) -> str:
    """Return the sections as Markdown, the first title as the title of all."""
    blocks: list[str] = []
    for section in sections:
        blocks.append(f"{'##' if blocks else '#'} {section.title}")
        blocks += section.paragraphs
        if section.items:
            blocks.append("\n".join(_bullet(item) for item in section.items))
    return "\n\n".join(blocks) + "\n"


def listed(texts: Sequence[str]) -> str:
    """Return texts as people list them: a, b and c."""
    *head, tail = texts
    return f"{', '.join(head)} and {tail}" if head else tail


def _styled(lines: Iterable[str], style: str) -> Iterable[str]:
    return (f"{style}{line}{_PLAIN}" for line in lines) if style else lines


def _bullet(item: Item) -> str:
    mark = "" if item.mark == "-" else f"**{item.mark}** "
    return f"- {mark}{item.text}" + (f" ({item.note})" if item.note else "")
