"""YAML from outside is read within bounds."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import yaml

from stackgen import foreign_yaml


def test_what_people_write_is_read() -> None:
    text = """\
a: [1, -1_000, 0x1f, 017, 0b11, 0, 1.5, 1.0e+3, .5, .inf, -.INF]
b: {when: 2027-03-31, at: 2027-03-31T10:00:00Z, on: yes, none: ~, text: 1e3}
c: !!int "3"
d: !!str 3
e: !!binary aGk=
f: "\\u00fc"
"""
    assert foreign_yaml.loads(text) == yaml.safe_load(text)
    assert foreign_yaml.loads(text)["b"]["when"] == dt.date(2027, 3, 31)


def test_there_are_no_sexagesimal_numbers() -> None:
    text = ":".join("1" * 100_000)
    start = time.process_time()
    assert foreign_yaml.loads(f"[22:22, 1:30.5, -1:0, {text}]") == ["22:22", "1:30.5", "-1:0", text]
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: !!bool foo", "a value is no bool in line 2"),
        ("a: !!timestamp foo", "a value is no timestamp in line 1"),
        ("a: 2027-02-31", "a value is no timestamp in line 1"),
        ("a: 2027-02-01T00:00:00+99:99", "a value is no timestamp in line 1"),
        ('a: !!int ""', "a value is no int in line 1"),
        ("a: !!int 1:1", "a value is no int in line 1"),
        ("a: !!float x", "a value is no float in line 1"),
        (f"a: !!float {'1:' * 250}1.5", "a number has more than 255 characters in line 1"),
        (f"a: 0x{'f' * 5000}", "a number has more than 255 characters in line 1"),
        (f"a: {'9' * 5000}", "a number has more than 255 characters in line 1"),
        ("a: !!map foo", "expected a mapping node, but found scalar in line 1"),
        ("? [a]\n: b", "found unhashable key in line 1"),
        (r'a: "\UFFFFFFFF"', "it holds a value that is out of range"),
        (r'a: "\U00110000"', "it holds a value that is out of range"),
        (f"%YAML 1.{'9' * 5000}\n---\na: 1", "it holds a value that is out of range"),
        ("[" * 100_000, "it is nested too deeply"),
        ("a: 1\n---\na: 1", "but found another document in line 2"),
        ("a: \0", "special characters are not allowed"),
    ],
)
def test_what_cannot_be_read_is_one_error_of_one_line(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        foreign_yaml.loads(text)
    assert "\n" not in str(caught.value)


def test_what_an_error_names_is_shortened() -> None:
    with pytest.raises(ValueError, match=r"tag '!x+[.]{3} in line 1$") as caught:
        foreign_yaml.loads(f"a: !{'x' * 100_000} b")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("number", ["9" * 255, "0x" + "f" * 253, "0b" + "1" * 253, "0" + "7" * 254])
def test_every_number_can_be_shown_and_is_finite(number: str) -> None:
    value = foreign_yaml.loads(number)
    assert isinstance(value, int)
    assert str(value)
    assert float(value) < float("inf")
