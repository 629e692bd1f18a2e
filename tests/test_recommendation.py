"""Answers in, recommendation out."""

import pytest

from stackgen.errors import AnswerError
from stackgen.questions import load_questionnaire
from stackgen.recommendation import Recommendation, recommend, settled

QUESTIONNAIRE = load_questionnaire()

LARGE = {
    "scope": "many-modules",
    "style": "ready-structure",
    "data": "linked-tables",
    "backoffice": "from-day-one",
    "accounts": "own-users",
    "output": "pages",
}
SMALL = {
    "scope": "one-job",
    "style": "choose-parts",
    "data": "elsewhere",
    "backoffice": "no",
    "accounts": "nobody",
    "output": "api-only",
}


def recommended(**answers):
    return recommend(answers, QUESTIONNAIRE)


@pytest.mark.parametrize(
    ("answers", "framework", "score"), [(LARGE, "django", 12), (SMALL, "flask", -12)]
)
def test_clear_answers_give_a_strong_recommendation(answers, framework, score):
    recommendation = recommended(**answers)

    assert recommendation.framework == framework
    assert recommendation.band == "strong"
    assert recommendation.score == score


def test_without_answers_there_is_no_recommendation():
    recommendation = recommended()

    assert recommendation.framework is None
    assert recommendation.band == "not-enough"
    assert recommendation.answers == {}
    assert not settled({}, QUESTIONNAIRE)


def test_a_recommendation_survives_being_recorded():
    recommendation = recommended(**{**LARGE, "style": "choose-parts"})

    assert Recommendation.from_dict(recommendation.as_dict()) == recommendation
    assert Recommendation.from_dict({**recommendation.as_dict(), "overruled": True})


@pytest.mark.parametrize("key", list(recommended().as_dict()))
def test_a_record_that_lacks_a_part_is_refused(key):
    values = recommended(**LARGE).as_dict()
    del values[key]

    with pytest.raises(AnswerError, match="cannot be read"):
        Recommendation.from_dict(values)


def test_an_unknown_answer_is_refused():
    with pytest.raises(AnswerError, match="cannot be `big`"):
        recommended(scope="big")
