"""A standard that is tried out: a file that cannot be what its name says is named."""

from __future__ import annotations

import warnings

import pytest

from stackgen.team.proving import _malformed


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.py", b"-" * 100_000 + b"1"),
        ("a.py", b"a" + b".b" * 100_000),
        ("a.py", b"import ("),
        ("a.py", b"a = 1\0"),
        ("a.py", b"\xff"),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"a": NaN}'),
        ("a.json", b'{"a": 1, "a": 1}'),
        ("a.toml", b"a = " + b"[" * 100_000),
        ("a.toml", b"a ="),
        ("a.yml", b"a: [" * 20_000),
        ("a.yml", b'a: "\\UFFFFFFFF"'),
    ],
)
def test_what_cannot_be_read_is_said_in_a_line(path: str, content: bytes) -> None:
    said = _malformed(path, content)
    assert said.startswith(f"`{path}` cannot be read: ")
    assert said.isprintable()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.py", b'a = "\\d"\n'),
        ("a.json", b"{}"),
        ("a.toml", b"a = 1"),
        ("a.yaml", b"a: !own 1"),
        ("a.txt", b"\xff"),
    ],
)
def test_what_can_be_read_is_well(path: str, content: bytes) -> None:
    """Whatever Python warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _malformed(path, content) == ""
