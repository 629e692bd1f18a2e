"""What people read: every sentence is in a file under `snapshots/`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.recommendation import recommend
from stackgen.advice.scoring import reach_verdict
from stackgen.text.comparison import (
    comparison_markdown,
    comparison_text,
    questions_text,
)
from stackgen.text.recommendation import (
    reasons_for,
    recommendation_markdown,
    recommendation_text,
)

QUESTIONNAIRE = load_questionnaire()
FOLDER = Path(__file__).parents[1] / "snapshots"
CHOICES = {q.id: [c.id for c in q.choices] for q in QUESTIONNAIRE.questions}
ANSI = re.compile(r"\x1b\[\d+m")

BASE = {"data": "linked-tables", "backoffice": "from-day-one", "accounts": "own-users"}
CASES = {
    "strong": BASE | {"scope": "many-modules", "style": "ready-structure", "output": "pages"},
    "strong-other": {
        "scope": "one-job",
        "style": "choose-parts",
        "data": "elsewhere",
        "output": "api-only",
        "accounts": "nobody",
        "backoffice": "no",
        "layer": "thin-layer",
        "team": "1-2",
        "first_project": "yes",
        "lightness": "yes",
        "sensitive": "no",
    },
    "lean": BASE | {"scope": "many-modules", "style": "choose-parts"},
    "lean-though-the-points-are-strong": BASE
    | {"scope": "many-modules", "style": "choose-parts", "team": "6-plus", "sensitive": "yes"},
    "near-tie": BASE | {"scope": "several-features", "style": "choose-parts"},
    "even": {
        "scope": "one-job",
        "style": "ready-structure",
        "data": "few-tables",
        "accounts": "nobody",
        "output": "pages",
        "sensitive": "yes",
        "layer": "product",
    },
    "not-enough-weight": {"scope": "one-job", "team": "1-2"},
    "not-enough-but-nearly": {"scope": "many-modules", "style": "no-preference"}
    | {"accounts": "own-users", "backoffice": "a-little", "lightness": "no"},
    "not-enough-without-the-deciding": {"data": "elsewhere"},
    "lean-without-the-deciding": BASE
    | {"scope": "dont-know", "style": "dont-know", "output": "pages", "layer": "product"},
    "not-enough-and-nothing-left": {
        **dict.fromkeys(CHOICES, "dont-know"),
        "accounts": "own-users",
        "lightness": "no",
    },
    "near-tie-alone": {
        "scope": "one-job",
        "style": "no-preference",
        "data": "few-tables",
        "accounts": "own-users",
        "team": "1-2",
        "first_project": "yes",
        "sensitive": "yes",
    },
    "nothing": {},
}


@pytest.fixture(params=CASES)
def case(request):
    return request.param, recommend(CASES[request.param], QUESTIONNAIRE)


def test_the_cases_are_of_every_kind():
    recommendations = [recommend(answers, QUESTIONNAIRE) for answers in CASES.values()]
    kinds = {(r.band, r.framework is not None) for r in recommendations}

    assert kinds == {
        ("strong", True),
        ("lean", True),
        ("near-tie", True),
        ("near-tie", False),
        ("not-enough", False),
    }
    assert {len(flip.changes) for r in recommendations for flip in r.flips} == {1, 2}
    assert {r.framework for r in recommendations} == {None, *QUESTIONNAIRE.frameworks}


@pytest.mark.parametrize("width", [80, 40])
def test_a_recommendation_reads_well(case, width, matches_snapshot):
    name, recommendation = case
    text = recommendation_text(recommendation, QUESTIONNAIRE, width=width)

    matches_snapshot(f"recommendation/{name}-{width}.txt", text)
    assert max(map(len, text.splitlines())) <= width


def test_a_recommendation_as_markdown(case, matches_snapshot):
    name, recommendation = case

    matches_snapshot(
        f"recommendation/{name}.md", recommendation_markdown(recommendation, QUESTIONNAIRE)
    )


@pytest.mark.parametrize("width", [80, 40])
def test_the_comparison_reads_well(width, matches_snapshot):
    text = comparison_text(QUESTIONNAIRE, width=width)

    matches_snapshot(f"comparison-{width}.txt", text)
    assert max(map(len, text.splitlines())) <= width


def test_the_comparison_as_markdown(matches_snapshot):
    matches_snapshot("comparison.md", comparison_markdown(QUESTIONNAIRE))


@pytest.mark.parametrize("width", [80, 40])
def test_the_questions_read_well(width, matches_snapshot):
    text = questions_text(QUESTIONNAIRE, width=width)

    matches_snapshot(f"questions-{width}.txt", text)
    assert max(map(len, text.splitlines())) <= width


def test_every_sentence_of_the_data_is_in_a_snapshot(matches_snapshot):
    """Reasons and tensions show in some recommendation only: here they stand one by one."""
    lines = [
        f"{question.id}={choice.id}: {choice.reason}"
        for question in QUESTIONNAIRE.questions
        for choice in question.choices
    ]
    lines += [
        f"If {choice.condition}{f' instead of {other.instead}' if other.instead else ''}, ..."
        for question in QUESTIONNAIRE.questions
        for choice in question.choices
        for other in question.choices
        if other is not choice
    ]
    lines += [f"{'+'.join(rule.when)}: {rule.text}" for rule in QUESTIONNAIRE.tensions]
    lines += [
        f"{'|'.join(r.any)}: {text}" for r in QUESTIONNAIRE.caveats for text in (r.brief, r.text)
    ]
    lines += [f"near tie, {'+'.join(r.when)}: {r.text}" for r in QUESTIONNAIRE.judgements]

    matches_snapshot("sentences.txt", "\n".join(lines) + "\n")


# Most sets of answers are no near tie.
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.fixed_dictionaries({q: st.sampled_from(c) for q, c in CHOICES.items()}))
@pytest.mark.proof
def test_a_near_tie_hangs_on_a_single_answer_as_it_says(answers):
    recommendation = recommend(answers, QUESTIONNAIRE)
    assume(recommendation.band == "near-tie" and recommendation.framework)
    text = " ".join(recommendation_text(recommendation, QUESTIONNAIRE).split())
    others = ({**answers, q: choice} for q, choices in CHOICES.items() for choice in choices)

    assert "A single answer given otherwise would make both sides even" in text
    assert any(
        reach_verdict(other, QUESTIONNAIRE).framework != recommendation.framework
        for other in others
    )


ANY_ANSWERS = st.fixed_dictionaries(
    {}, optional={q: st.sampled_from([*c, "dont-know"]) for q, c in CHOICES.items()}
)


@given(ANY_ANSWERS)
def test_the_article_is_named_once_at_the_head_and_no_claim_by_its_code(answers):
    recommendation = recommend(answers, QUESTIONNAIRE)
    for text in (
        recommendation_text(recommendation, QUESTIONNAIRE, width=500),
        recommendation_markdown(recommendation, QUESTIONNAIRE),
    ):
        assert text.count(QUESTIONNAIRE.article) == 1
        assert QUESTIONNAIRE.article in text[:200]
        assert not re.search(r"\bC\d+\b|\bI{1,3}\.\d|FAQ \d|III (table|closing)", text)


@given(ANY_ANSWERS)
def test_nobody_is_told_to_answer_what_they_have_passed(answers):
    recommendation = recommend(answers, QUESTIONNAIRE)
    text = " ".join(recommendation_text(recommendation, QUESTIONNAIRE, width=500).split())
    told = re.search(r"(?:tart with|would help most:) ([^.]+)\.", text)

    assert not told or not set(re.findall(r"`(\w+)`", told[1])) & set(recommendation.passed)
    for question in recommendation.passed:
        assert not re.search(rf"Not answered, so counted for neither:[^.]*\b{question}\b", text)
        assert not re.search(rf"\[{question}=[\w-]+, not answered yet", text)


@given(ANY_ANSWERS)
def test_the_reasons_of_the_panel_are_those_of_the_text(answers):
    recommendation = recommend(answers, QUESTIONNAIRE)
    both = [r for name in QUESTIONNAIRE.frameworks for r in reasons_for(name, recommendation)]

    assert sorted(both, key=str) == sorted(recommendation.reasons, key=str)


def test_a_lean_without_size_and_style_says_what_is_missing():
    answers = CASES["lean-without-the-deciding"]
    text = recommendation_text(recommend(answers, QUESTIONNAIRE), QUESTIONNAIRE, width=500)

    assert "What is missing is its size and the style you want" in text
    assert "a lean at most" in text
    told = recommendation_text(
        recommend({**answers, "style": "no-preference"}, QUESTIONNAIRE), QUESTIONNAIRE, width=500
    )
    assert "What is missing" not in told


def test_a_judgement_against_the_points_says_so():
    alone = recommend(CASES["near-tie-alone"], QUESTIONNAIRE)
    text = recommendation_text(alone, QUESTIONNAIRE, width=500)
    assert (alone.framework, alone.judgement.framework) == ("flask", "django")
    assert "What weighs more than that: Log-ins and sensitive data" in text

    more = recommend(CASES["near-tie-alone"] | {"backoffice": "from-day-one"}, QUESTIONNAIRE)
    assert more.framework is None
    assert "What weighs: Log-ins" in recommendation_text(more, QUESTIONNAIRE, width=500)


def test_what_the_article_cannot_weigh_is_said_before_the_reasons():
    text = recommendation_text(
        recommend(CASES["strong-other"], QUESTIONNAIRE), QUESTIONNAIRE, width=500
    )

    assert 0 < text.index("silent on asynchronous code") < text.index("For Flask")
    strong = recommendation_text(recommend(CASES["strong"], QUESTIONNAIRE), QUESTIONNAIRE)
    assert "What the article cannot weigh" not in strong


def test_the_article_is_compared_under_the_headings_people_look_for():
    assert [aspect.id for aspect in QUESTIONNAIRE.comparison] == [
        "features",
        "performance",
        "security",
        "complexity",
        "flexibility",
        "suitability",
        "project-size",
        "learning-curve",
        "team",
        "apis",
        "front-end",
    ]


def test_snapshots_hold_no_percentage_and_no_leftover():
    names = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    ours = {name for name in names if name.startswith("recommendation/")}
    expected = {
        f"recommendation/{case}{end}" for case in CASES for end in ("-80.txt", "-40.txt", ".md")
    }

    assert ours == expected
    for name in names:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"%|per ?cent", text), name


@pytest.mark.parametrize("show", [comparison_text, questions_text])
def test_colour_changes_no_word(show):
    plain, coloured = show(QUESTIONNAIRE), show(QUESTIONNAIRE, colour=True)

    assert plain != coloured
    assert ANSI.sub("", coloured) == plain


def test_colour_changes_no_word_of_a_recommendation(case):
    _, recommendation = case
    coloured = recommendation_text(recommendation, QUESTIONNAIRE, colour=True)

    assert "\x1b[1m" in coloured
    assert ANSI.sub("", coloured) == recommendation_text(recommendation, QUESTIONNAIRE)


@given(ANY_ANSWERS)
def test_any_recommendation_can_be_shown(answers):
    recommendation = recommend(answers, QUESTIONNAIRE)
    text = recommendation_text(recommendation, QUESTIONNAIRE, width=40)

    assert max(map(len, text.splitlines())) <= 40
    assert "%" not in text
    for name in QUESTIONNAIRE.frameworks.values():
        assert not recommendation.answers or name in text
    flat = " ".join(text.split())
    if recommendation.framework is None:
        assert "do not decide" in flat or "Nothing is answered yet" in flat
    for reason in recommendation.reasons:
        assert reason.text in flat
