"""Foreign text within Markdown: shown as it is, and read by no host as markup, mention or link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stackgen.foreign_text import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~-])")

_UNSEEN = "&#8203;"
"""A space without width. Hosts look for mentions, issues and addresses in what is shown, where a
backslash and the code of a character are gone; this is not."""


def escaped(text: str) -> str:
    """Return foreign text as Markdown shows it and nothing else: no markup, no HTML, one line."""
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    marked = _SPECIAL.sub(r"\\\1", plain)
    for sign in ("#", "@", "://"):
        marked = marked.replace(sign, sign[0] + _UNSEEN + sign[1:])
    return marked


def code(text: str) -> str:
    """Return foreign text as code, in which nothing has a meaning: on one line, and whole.

    Args:
        text: Any text.
    """
    shown = one_line(text)
    longest = max(map(len, re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if not shown.strip() or shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{space}{shown}{space}{fence}"


def sentence(text: str) -> str:
    """Return a sentence of stackgen's, in which code stands between backticks.

    What is foreign in it may hold backticks, too: then it is divided differently, and still each
    part is either code or escaped.
    """
    return "".join(_parts(text))


def cell(text: str) -> str:
    """Return a sentence as `sentence` does, for a table: there `|` ends a cell even in code."""
    return "".join(
        part.replace("|", r"\|") if part.startswith("`") else part for part in _parts(text)
    )


def row(cells: Iterable[str]) -> str:
    """Return a row of a table of cells that are Markdown."""
    return f"| {' | '.join(cells)} |"


def _parts(text: str) -> Iterator[str]:
    parts = text.split("`")
    last = len(parts) - 1  # Without a second backtick it is no code.
    for number, part in enumerate(parts):
        is_code = number % 2 and number < last and part
        yield code(part) if is_code else escaped(part)
