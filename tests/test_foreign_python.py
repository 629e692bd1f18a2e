"""Python from outside is parsed, or is an error; nothing else comes of it."""

from __future__ import annotations

import ast
import warnings

import pytest

from stackgen import foreign_python


def test_what_people_write_is_read() -> None:
    assert ast.unparse(foreign_python.parse("import a.b\n")) == "import a.b"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-" * 100_000 + "1", "nested too deeply"),
        ("a" + ".b" * 100_000, "nested too deeply"),
        ("(" * 500, "too many nested parentheses"),
        ("import (", "line 1"),
        ("a = 1\0", "null bytes"),
    ],
)
def test_what_cannot_be_parsed_is_an_error(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        foreign_python.parse(text)


def test_what_python_warns_of_is_not_told(capfd: pytest.CaptureFixture[str]) -> None:
    """Not even where warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        foreign_python.parse('a = "\\d"\nb = 1 is 1\n')
    assert capfd.readouterr().err == ""
