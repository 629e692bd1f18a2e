"""TOML from outside, read within bounds: a small file can hold what takes all memory to read.

`tomllib` takes time and memory with the square of the parts of a dotted key, and a table that is
nested deeply, or a number that is very long, cannot even be shown afterwards.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

DEEPEST = 50
"""How many parts a key may have, and how many tables and lists may lie within each other."""

_LARGEST_NUMBER = 2**63
"""TOML promises no more than 64 bits; Python shows no number of more than 4,300 digits."""

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""

# A text as `tomllib` divides it, up to the first fault that it finds. What has no end goes on to
# the end of its line, or of the text: then that is the fault, and nothing is looked at twice.
_TOKEN = re.compile(
    rf"""(?P<long_key>(?:{_PART}[ \t]*+\.[ \t]*+){{{DEEPEST}}})"""
    r"""|"{3}(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:"{3,5}+|\\?\Z)"""
    r"""|'{3}(?:[^']|'(?!''))*+(?:'{3,5}+|\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*+(?:"|\\?)"""
    r"""|'[^'\n]*+'?"""
    r"""|\#.*+|[A-Za-z0-9_-]++|[^A-Za-z0-9_"'\#-]++"""
)


def loads(text: str) -> dict[str, Any]:
    """Return what a text holds.

    Args:
        text: The text of a file; how large it may be is for the caller to say.

    Raises:
        ValueError: It is no TOML, is nested too deeply, or holds a number that is too large.
    """
    if any(token.lastgroup for token in _TOKEN.finditer(text)):
        raise ValueError(f"A key has more than {DEEPEST} parts")
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise ValueError("It is nested too deeply") from None
    for depth, value in _values(tables):
        if depth > DEEPEST:
            raise ValueError("It is nested too deeply")
        if isinstance(value, int) and not -_LARGEST_NUMBER <= value < _LARGEST_NUMBER:
            raise ValueError("A number has more than 64 bits")
    return tables


def _values(tables: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """Yield every value with its depth; without recursion, for it may be deep."""
    left: list[tuple[int, Any]] = [(0, tables)]
    while left:
        depth, value = left.pop()
        yield depth, value
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list):
            left.extend((depth + 1, each) for each in inner)
