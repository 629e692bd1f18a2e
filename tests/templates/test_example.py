"""What the README says to delete of the example is all that knows it."""

from __future__ import annotations

import re

import pytest
from option_matrix import DEFAULTS, Answers
from rendering import Render

MOST: Answers = {"accounts": True, "api": True}
KINDS: dict[str, Answers] = {
    "django": DEFAULTS["django"],
    "django-accounts-api": {**DEFAULTS["django"], **MOST},
    "django-none": {**DEFAULTS["django"], "api": True, "frontend": "none"},
    "flask": DEFAULTS["flask"],
    "flask-api": {**DEFAULTS["flask"], "api": True},
    "flask-accounts-admin-api": {**DEFAULTS["flask"], **MOST, "admin": True},
    "flask-none": {**DEFAULTS["flask"], "api": True, "frontend": "none"},
}


@pytest.mark.parametrize("answers", KINDS.values(), ids=KINDS)
def test_nothing_else_knows_it(render: Render, answers: Answers) -> None:
    project = render(answers)
    paragraphs = re.findall(
        r"(?ms)^To remove the example(?: from the API)?: (.*?)(?=\n\n)", project.read("README.md")
    )
    named = re.findall(r"`([\w/]+(?:/|\.\w+))`", " ".join(paragraphs))
    assert len(named) >= 3
    assert [name for name in named if not (project.path / name).exists()] == []
    left = [
        name
        for name in project.files
        if name.endswith((".py", ".html"))
        and not name.startswith(tuple(named))
        and re.search(r"\bnotes\b|\bNote\b(?! a )", project.read(name))
    ]
    assert left == []
