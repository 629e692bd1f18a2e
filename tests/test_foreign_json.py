"""JSON from outside is read strictly."""

from __future__ import annotations

import pytest

from stackgen import foreign_json


def test_what_people_write_is_read() -> None:
    text = '{"a": [1, -2.5e3, "NaN", null], "b": {"a": true}, "": "Infinity"}'
    assert foreign_json.loads(text) == {
        "a": [1, -2500.0, "NaN", None],
        "b": {"a": True},
        "": "Infinity",
    }
    assert foreign_json.loads("1") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": NaN}', "The key `a` is `NaN`, which is no number of JSON's"),
        ('{"a": {"b": [[-Infinity]]}}', "The key `b` is `-Infinity`"),
        ('{"a": 1e999}', "The key `a` is `1e999`"),
        ("[Infinity]", "It holds `Infinity`"),
        ("NaN", "It holds `NaN`"),
        ('{"a": {"b": 1, "c": 2, "b": 1}}', "The key `b` stands twice"),
        ('{"a": 1, "\\u0061": 2}', "The key `a` stands twice"),
        (f'{{"{"x" * 999}": NaN}}', f"The key `{'x' * 60}...` is"),
        ('{"\\u001b": NaN}', "The key `\\u001b` is"),
        ("[" * 100_000, "It is nested too deeply"),
        ("[1,]", ""),
        (f"[{'9' * 5000}]", ""),
    ],
)
def test_what_is_no_json_is_refused_and_named(text: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - what it says is looked at
        foreign_json.loads(text)
    assert str(caught.value).startswith(said)
