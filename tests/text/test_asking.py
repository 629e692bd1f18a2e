"""What is said between two questions."""

from __future__ import annotations

import pytest

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.scoring import settled
from stackgen.text.asking import passed_text, stop_text

QUESTIONNAIRE = load_questionnaire()
PASSED = {"scope": "dont-know", "style": "dont-know"}
FOR_DJANGO = {"data": "linked-tables", "backoffice": "from-day-one", "accounts": "own-users"}


@pytest.mark.parametrize(
    ("question", "answers", "more"),
    [
        ("data", PASSED | {"data": "dont-know"}, ""),
        ("scope", {"scope": "dont-know", "style": "no-preference"}, ""),
        ("style", {"scope": "one-job", "style": "dont-know"}, ""),
        (
            "scope",
            {"scope": "dont-know"},
            " If the style you want stays open too, there is a lean at most.",
        ),
        ("style", PASSED, " Without its size and the style you want there is a lean at most."),
    ],
)
def test_a_dont_know_is_told_what_it_means(
    question: str, answers: dict[str, str], more: str
) -> None:
    expected = f"Not answered: it counts for neither side.{more}"
    assert passed_text(question, answers, QUESTIONNAIRE) == expected


@pytest.mark.parametrize(
    ("answers", "offer"),
    [
        (
            PASSED | dict.fromkeys(["data", "backoffice", "accounts", "output"], "dont-know"),
            "No answer still missing can lead to a recommendation. Stop here?",
        ),
        (
            {"scope": "many-modules", "style": "ready-structure", "output": "pages"} | FOR_DJANGO,
            "No answer still missing can change the framework. Stop here?",
        ),
        (
            PASSED | {"output": "pages"} | FOR_DJANGO,
            "No answer still missing can lead to Flask. Stop here?",
        ),
        (
            PASSED
            | {"data": "elsewhere", "accounts": "nobody", "output": "api-only", "backoffice": "no"},
            "No answer still missing can lead to Django. Stop here?",
        ),
    ],
)
def test_the_offer_to_stop_says_what_is_settled(answers: dict[str, str], offer: str) -> None:
    assert settled(answers, QUESTIONNAIRE)
    title, why = stop_text(answers, QUESTIONNAIRE)
    assert title == offer
    assert why.startswith("The other questions could still ")
