r"""Text from outside, made safe to show: a name, a value or a file may hold any character.

========== ============================ ========================== ==========
function   is for                       line breaks                length
========== ============================ ========================== ==========
printable  a text of several lines      stay                       whole
one_line   a message of a single line   become their code          whole
quoted     a value within a message     become their code          bounded
========== ============================ ========================== ==========

All three show a character that a terminal obeys, or that cannot be seen, by its code in Python,
such as `\x1b`. What they return goes through them again unchanged.
"""

from __future__ import annotations

LONGEST_SHOWN = 40
"""How many characters of a value a message shows, unless it has reason to show more."""


def printable(text: str) -> str:
    """Return a text that cannot steer a terminal; its lines stay lines."""
    return "\n".join(map(one_line, text.split("\n")))


def one_line(text: str) -> str:
    """Return a text that cannot steer a terminal, on one line."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def quoted(value: object, *, longest: int = LONGEST_SHOWN) -> str:
    """Return a value as a message shows it: in backticks, on one line, and not for long.

    Null, true and false stand as in YAML and JSON.

    Args:
        value: The value, of any type.
        longest: How many characters of it are shown.
    """
    text = "null" if value is None else _text(value)
    if isinstance(value, bool):
        text = text.lower()
    start = one_line(text[:longest])
    return f"`{start}`" if len(text) <= longest else f"`{start}...`"


def _text(value: object) -> str:
    """Return a value as text, also one that Python does not show."""
    try:
        return str(value)
    except (ValueError, RecursionError):  # More than 4,300 digits, or lists that are too deep.
        return hex(value) if isinstance(value, int) else f"{type(value).__name__}..."
