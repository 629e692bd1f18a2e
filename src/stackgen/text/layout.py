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


def as_text(sections: Iterable[Section], *, width: int, colour: bool) -> str:
    """Return the sections in lines no longer than the width; colour is bold and dim, no more."""
    bold, dim = (_BOLD, _DIM) if colour else ("", "")
    lines: list[str] = []
    for section in sections:
        lines += [""] if lines else []
        lines += _wrapped(section.title, width, style=bold)
        for paragraph in section.paragraphs:
            lines += _wrapped(paragraph, width)
        indent = max((len(item.mark) for item in section.items), default=0) + 1
        for item in section.items:
            lines += _wrapped(item.text, width, first=item.mark.ljust(indent), rest=" " * indent)
            note = f"[{item.note}]" if item.note else ""
            lines += _wrapped(note, width, first=" " * indent, rest=" " * indent, style=dim)
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


def _wrapped(
    text: str, width: int, *, first: str = "", rest: str = "", style: str = ""
) -> list[str]:
    lines = textwrap.wrap(
        one_line(" ".join(text.split())),
        max(width, _NARROWEST),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return [f"{style}{line}{_PLAIN}" for line in lines] if style else lines


def _bullet(item: Item) -> str:
    mark = "" if item.mark == "-" else f"**{item.mark}** "
    return f"- {mark}{item.text}" + (f" ({item.note})" if item.note else "")
