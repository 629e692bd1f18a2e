"""Text from outside: shown, and never obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgen.foreign_text import LONGEST_SHOWN, one_line, printable, quoted

# Whatever a terminal may obey, and lone surrogates, which cannot even be written.
any_text = st.text(st.characters(exclude_categories=[])) | st.text("\x1b[]0;\x07\x9b\n\r\u202e\\n")


@given(any_text)
def test_nothing_steers_a_terminal(text: str) -> None:
    assert one_line(text).isprintable()
    assert all(line.isprintable() for line in printable(text).split("\n"))
    assert printable(text).count("\n") == text.count("\n")
    assert quoted(text).isprintable()


@given(any_text)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert printable(printable(text)) == printable(text)
    if text.isprintable():
        assert one_line(text) == printable(text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("shop", "`shop`"),
        ("a\nb", r"`a\nb`"),
        ("red \x1b[31m", r"`red \x1b[31m`"),
        ("gelb ü 日", "`gelb ü 日`"),
        (None, "`null`"),
        (True, "`true`"),
        (["a"], "`['a']`"),
        ("x" * LONGEST_SHOWN, f"`{'x' * LONGEST_SHOWN}`"),
        ("x" * (LONGEST_SHOWN + 1), f"`{'x' * LONGEST_SHOWN}...`"),
    ],
)
def test_a_value_in_a_message(value: object, shown: str) -> None:
    assert quoted(value) == shown


def test_a_message_may_show_more() -> None:
    assert quoted("x" * 80, longest=80) == f"`{'x' * 80}`"


def test_a_value_that_python_does_not_show_is_shown_nevertheless() -> None:
    assert quoted(16**5000 - 1) == f"`0x{'f' * (LONGEST_SHOWN - 2)}...`"
    assert quoted([10**5000]) == "`list...`"
    deep: list[object] = []
    for _ in range(10_000):
        deep = [deep]
    assert quoted(deep) == "`list...`"
