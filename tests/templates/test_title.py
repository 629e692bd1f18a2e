"""The title: what people read; the name: what programs take."""

from __future__ import annotations

import pytest
from option_matrix import OPTIONS

from stackgen.errors import OptionError


def title(**given: object) -> object:
    return OPTIONS.resolve({"framework": "flask", **given}).values["title"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("my-shop", "My shop"),
        ("tea_house-2", "Tea house 2"),
        ("myShop", "MyShop"),
        ("a" * 64, "A" + "a" * 59),
        ("b" * 59 + "-b", "B" + "b" * 58),
    ],
)
def test_it_is_the_name_in_words(name: str, words: str) -> None:
    assert title(project_name=name) == words


def test_a_project_that_is_older_keeps_its_name() -> None:
    assert title(project_name="my-shop", recommendation=None) == "my-shop"
    assert title(project_name="my-shop", recommendation=None, title="Tea") == "Tea"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("x" * 61, "`title` cannot be `x+`. Use at most 60 characters."),
        ("  ", "It must not be empty"),
        ("two\nlines", "`title` contains the character U\\+000A"),
    ],
)
def test_what_is_no_title_is_refused(value: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        title(project_name="shop", **OPTIONS.parse({"title": value}))
