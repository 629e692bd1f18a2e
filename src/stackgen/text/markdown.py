"""Foreign text within Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stackgen.foreign_text import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def escaped(text: str) -> str:
    """Return foreign text as Markdown shows it and nothing else: no markup, no HTML, one line."""
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # An address would become a link by itself.
    return _SPECIAL.sub(r"\\\1", plain).replace("://", ":&#47;&#47;").replace("@", "&#64;")


def row(cells: Iterable[str]) -> str:
    """Return a row of a table of cells that are Markdown."""
    return f"| {' | '.join(cells)} |"
