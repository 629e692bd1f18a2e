"""Precedents: facts about others, that are alike as documented and move nothing."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.precedents import (
    Precedent,
    load_precedents,
    nearest,
    nearest_other,
    similarity,
)
from stackgen.advice.recommendation import recommend
from stackgen.errors import QuestionnaireError

QUESTIONNAIRE = load_questionnaire()
PRECEDENTS = load_precedents()
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question.id: st.sampled_from([choice.id for choice in question.choices])
        for question in QUESTIONNAIRE.questions
    },
)


def precedent(framework: str = "flask", unsure: tuple[str, ...] = (), **answers: str) -> Precedent:
    return Precedent(
        repository=f"somebody/{framework}", what="a thing", framework=framework, year=2020,
        answers=answers, unsure=frozenset(unsure), seen_in={},
    )  # fmt: skip


def alike(one: Precedent, **answers: str) -> float:
    return similarity(answers, one, QUESTIONNAIRE)


# --- the list --------------------------------------------------------------------------------


def test_the_list_holds_together() -> None:
    assert len(PRECEDENTS) >= 75
    for one in PRECEDENTS:
        assert one.framework in QUESTIONNAIRE.frameworks
        assert dict(one.answers) == QUESTIONNAIRE.check(one.answers)
        assert one.unsure <= one.answers.keys()
        assert one.seen_in["path"]
        assert one.year is None or 2005 <= one.year <= 2026
    keys = [(one.repository, one.framework, one.what) for one in PRECEDENTS]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("one", PRECEDENTS, ids=lambda one: f"{one.repository}-{one.framework}")
def test_each_is_said_in_words_that_read_well(one: Precedent) -> None:
    assert re.fullmatch(r"(?:an?|the|one|links|profiles|pages|search|control|queries|guided|sales|"
                        r"explanations|translation|time|courseware|bookings|suppliers) .+",
                        one.what), one.what  # fmt: skip
    assert len(one.what) <= 100
    assert not re.search(r"->|\d{4}-\d\d|[;\"]|\.$", one.what)


def test_a_broken_list_is_one_clear_error(tmp_path) -> None:
    for text in ("{", '{"repository": "a/b"}', "[]"):
        (tmp_path / "list.jsonl").write_text(text)
        load_precedents.cache_clear()
        with pytest.raises(QuestionnaireError, match=r"`list\.jsonl` cannot be read"):
            load_precedents(tmp_path / "list.jsonl")
    load_precedents.cache_clear()


# --- how alike -------------------------------------------------------------------------------


@given(ANSWERS, st.sampled_from(PRECEDENTS))
def test_it_is_between_nothing_and_all(answers: dict[str, str], one: Precedent) -> None:
    assert 0 <= similarity(answers, one, QUESTIONNAIRE) <= 1
    assert similarity(one.answers, one, QUESTIONNAIRE) == 1


@given(ANSWERS, st.sampled_from(PRECEDENTS))
def test_what_one_does_not_answer_counts_for_neither(
    answers: dict[str, str], one: Precedent
) -> None:
    both = {name: choice for name, choice in answers.items() if name in one.answers}
    assert similarity(answers, one, QUESTIONNAIRE) == similarity(both, one, QUESTIONNAIRE)
    if not both:
        assert similarity(answers, one, QUESTIONNAIRE) == 0


def test_a_choice_that_is_nearer_in_points_is_more_alike() -> None:
    one = precedent(scope="one-job")
    assert alike(one, scope="one-job") == 1
    assert alike(one, scope="several-features") == pytest.approx((1 - 2 / 6) / 2)
    assert alike(one, scope="many-modules") == 0


def test_a_heavy_question_counts_more_and_an_unsure_one_half() -> None:
    both = {"scope": "one-job", "lightness": "no"}
    assert alike(precedent(scope="one-job", lightness="yes"), **both) == pytest.approx(3 / 4)
    unsure = precedent(scope="one-job", lightness="yes", unsure=("scope",))
    assert alike(unsure, **both) == pytest.approx(1.5 / 2.5)


# --- which are named -------------------------------------------------------------------------


def test_three_are_named_and_those_equally_alike_keep_their_order() -> None:
    many = [dataclasses.replace(precedent(team="1-2"), repository=f"a/{n}") for n in range(5)]
    found = nearest({"team": "1-2"}, many, QUESTIONNAIRE)
    assert [one.repository for one in found] == ["a/0", "a/1", "a/2"]
    assert nearest({}, many, QUESTIONNAIRE) == ()
    assert nearest({"style": "choose-parts"}, many, QUESTIONNAIRE) == ()


def test_the_other_side_is_named_where_three_agree_and_it_is_close() -> None:
    answers = {"scope": "one-job", "data": "elsewhere", "lightness": "yes"}
    alike_ = [precedent(**answers)] * 3
    near = precedent("django", scope="one-job", data="elsewhere", lightness="no")
    far = precedent("django", scope="many-modules", data="linked-tables", lightness="no")
    close = nearest_other(answers, [*alike_, near], QUESTIONNAIRE)
    assert close is None or close.framework == "django"
    assert nearest_other(answers, [*alike_, far], QUESTIONNAIRE) is None
    assert nearest_other(answers, [*alike_[:2], near], QUESTIONNAIRE) is None
    twin = precedent("django", **answers)
    found = nearest_other(answers, [*alike_, twin], QUESTIONNAIRE)
    assert found is not None
    assert (found.framework, found.similarity) == ("django", 1)


@given(ANSWERS)
def test_they_move_no_score(answers: dict[str, str]) -> None:
    plain = recommend(answers, QUESTIONNAIRE)
    told = recommend(answers, QUESTIONNAIRE, PRECEDENTS)
    assert dataclasses.replace(told, precedents=(), other_precedent=None) == plain
    assert len(told.precedents) <= 3
