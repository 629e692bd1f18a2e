"""JSON from outside, read strictly: what Python's own reader takes besides is refused.

It reads `NaN`, `Infinity` and numbers that are too large for it, writes them again as what is no
JSON, and of a key that stands twice it keeps the last one without a word.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

_LONGEST_SHOWN = 60
"""In characters: how much of a key a message shows."""


def loads(text: str) -> Any:
    """Return what a text holds.

    Args:
        text: The text of a file; how large it may be is for the caller to say.

    Raises:
        ValueError: It is no JSON, is nested too deeply, holds what is no number of JSON's, or a key
            twice; the key is named.
    """
    try:
        value = json.loads(
            text, object_pairs_hook=_table, parse_constant=_NoNumber, parse_float=_number
        )
    except RecursionError:
        raise ValueError("It is nested too deeply") from None
    if odd := _odd(value):
        raise ValueError(f"It holds {odd}, which is no number of JSON's")
    return value


class _NoNumber(str):
    """What stands for a number and is none, until it is known below which key it is."""

    __slots__ = ()


def _number(text: str) -> float | _NoNumber:
    value = float(text)
    return value if math.isfinite(value) else _NoNumber(text)


def _table(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"The key {_shown(key)} stands twice")
        if odd := _odd(value):
            raise ValueError(f"The key {_shown(key)} is {odd}, which is no number of JSON's")
        found[key] = value
    return found


def _odd(value: Any) -> str:
    """Return what is no number within a value, whose tables were looked at before; or nothing."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, _NoNumber):
            return _shown(each)
        if isinstance(each, list):
            left.extend(each)
    return ""


def _shown(text: str) -> str:
    written = json.dumps(text)[1:-1]  # Without what could steer a terminal.
    short = written if len(written) <= _LONGEST_SHOWN else f"{written[:_LONGEST_SHOWN]}..."
    return f"`{short}`"
