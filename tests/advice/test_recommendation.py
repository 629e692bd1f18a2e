"""Answers in, recommendation out."""

from __future__ import annotations

import dataclasses
import json
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.recommendation import recommend
from stackgen.advice.scoring import settled
from stackgen.errors import AnswerError

QUESTIONNAIRE = load_questionnaire()
CHOICES = {q.id: {c.id: c for c in q.choices} for q in QUESTIONNAIRE.questions}
WEIGHTS = {q.id: q.weight for q in QUESTIONNAIRE.questions}

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


def test_an_unknown_answer_is_refused():
    with pytest.raises(AnswerError, match="cannot be `big`"):
        recommended(scope="big")


# ---- People the article itself describes ------------------------------------------------------


PERSONAS = {
    # III closing: large, and with a structure that is ready
    "large project": (
        {"scope": "many-modules", "style": "ready-structure", "data": "linked-tables"}
        | {"backoffice": "a-little", "accounts": "own-users"},
        "django",
        "strong",
    ),
    # FAQ 1: complex, many developers, ready-made features wanted
    "large team": (
        {"scope": "many-modules", "style": "ready-structure", "team": "6-plus"}
        | {"data": "few-tables", "accounts": "own-users"},
        "django",
        "strong",
    ),
    # II.2, II.3, II.5: for an enterprise, consistent, and safe by default
    "enterprise": (
        {"scope": "many-modules", "style": "ready-structure", "data": "linked-tables"}
        | {"team": "6-plus", "sensitive": "yes", "lightness": "no"},
        "django",
        "strong",
    ),
    # II.1: people manage content through a ready admin
    "content": (
        {"scope": "several-features", "style": "ready-structure", "data": "linked-tables"}
        | {"backoffice": "from-day-one", "accounts": "few-or-company", "output": "pages"},
        "django",
        "lean",
    ),
    # FAQ 1: a small service behind an API
    "microservice": (
        {"scope": "one-job", "style": "choose-parts", "data": "elsewhere"}
        | {"output": "api-only", "layer": "thin-layer"},
        "flask",
        "strong",
    ),
    # II.5, II.2: every part chosen by the team, and light
    "complete control": (
        {"scope": "several-features", "style": "choose-parts", "data": "elsewhere"}
        | {"accounts": "nobody", "output": "pages", "lightness": "yes"},
        "flask",
        "strong",
    ),
    # III table: small, by people new to the web
    "first small site": (
        {"scope": "one-job", "style": "no-preference", "data": "few-tables"}
        | {"first_project": "yes", "accounts": "nobody", "output": "pages"},
        "flask",
        "lean",
    ),
    # small, but with everything Django has built in: the article argues both ways
    "small with log-ins": (
        {"scope": "one-job", "style": "no-preference", "data": "linked-tables"}
        | {"accounts": "own-users", "first_project": "yes", "sensitive": "yes"},
        None,
        "near-tie",
    ),
}


@pytest.mark.parametrize("persona", PERSONAS)
def test_people_of_the_article_are_advised_as_it_does(persona):
    answers, framework, band = PERSONAS[persona]

    recommendation = recommended(**answers)

    assert (recommendation.framework, recommendation.band) == (framework, band)


# ---- Bands and their guards -------------------------------------------------------------------


def verdict_by_hand(answers):
    """Reckon score, band and framework from the published rules, without the module under test."""
    score = 0
    for question, choice in answers.items():
        points = CHOICES[question][choice].points
        score += points.get("django", 0) - points.get("flask", 0)
    enough = ("scope" in answers or "style" in answers) and (
        sum(WEIGHTS[question] for question in answers) >= 23 / 2
    )
    opposite = (answers.get("scope"), answers.get("style")) in {
        ("one-job", "ready-structure"),
        ("several-features", "ready-structure"),
        ("many-modules", "choose-parts"),
    }
    if not enough:
        return score, "not-enough", None
    framework = "django" if score > 0 else "flask" if score < 0 else None
    if abs(score) <= 2:
        return score, "near-tie", framework
    return score, "strong" if abs(score) >= 8 and not opposite else "lean", framework


@st.composite
def some_answers(draw):
    questions = draw(st.lists(st.sampled_from(sorted(CHOICES)), unique=True))
    return {question: draw(st.sampled_from(sorted(CHOICES[question]))) for question in questions}


@st.composite
def nearly_all_answers(draw):
    """Answers to most questions, where verdicts other than `not-enough` live."""
    left_out = draw(st.lists(st.sampled_from(sorted(CHOICES)), unique=True, max_size=4))
    return {
        question: draw(st.sampled_from(sorted(choices)))
        for question, choices in CHOICES.items()
        if question not in left_out
    }


any_answers = some_answers() | nearly_all_answers()


@given(any_answers)
def test_score_band_and_framework_follow_the_published_rules(answers):
    recommendation = recommended(**answers)

    actual = recommendation.score, recommendation.band, recommendation.framework
    assert actual == verdict_by_hand(answers)


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        ({"data": "linked-tables", "backoffice": "from-day-one", "accounts": "own-users"}, 6),
        ({"scope": "many-modules", "style": "ready-structure"}, 6),
        ({"scope": "many-modules"}, 3),
    ],
)
def test_too_little_answered_is_never_a_recommendation(answers, band):
    recommendation = recommended(**answers)

    assert recommendation.score == band
    assert (recommendation.framework, recommendation.band) == (None, "not-enough")


def test_without_scope_and_style_nothing_is_enough():
    everything_else = {
        question: next(iter(choices))
        for question, choices in CHOICES.items()
        if question not in ("scope", "style")
    }

    assert recommended(**everything_else).band == "not-enough"
    assert recommended(**everything_else, style="no-preference").band != "not-enough"


def test_opposite_scope_and_style_are_never_strong():
    answers = {**LARGE, "style": "choose-parts", "team": "6-plus", "sensitive": "yes"}
    recommendation = recommended(**answers)

    assert recommendation.score == 9
    assert recommendation.band == "lean"
    assert recommended(**{**answers, "style": "no-preference"}).band == "strong"


def mirrored():
    """The questionnaire with every point given to the other side."""
    other = {"django": "flask", "flask": "django"}
    return dataclasses.replace(
        QUESTIONNAIRE,
        questions=tuple(
            dataclasses.replace(
                question,
                choices=tuple(
                    dataclasses.replace(
                        choice, points={other[name]: n for name, n in choice.points.items()}
                    )
                    for choice in question.choices
                ),
            )
            for question in QUESTIONNAIRE.questions
        ),
    )


@given(any_answers)
def test_neither_side_is_favoured(answers):
    one, two = recommended(**answers), recommend(answers, mirrored())

    assert two.score == -one.score
    assert two.band == one.band
    assert (two.framework is None) == (one.framework is None)
    assert two.framework is None or two.framework != one.framework
    assert [flip.changes for flip in two.flips] == [flip.changes for flip in one.flips]


# ---- Monotonicity -----------------------------------------------------------------------------


@given(any_answers, st.data())
def test_an_answer_never_moves_the_score_to_the_side_it_does_not_speak_for(answers, data):
    question = data.draw(st.sampled_from(sorted(CHOICES)))
    choice = data.draw(st.sampled_from(sorted(CHOICES[question])))
    points = CHOICES[question][choice].points
    before = recommended(**{k: v for k, v in answers.items() if k != question})
    after = recommended(**{**answers, question: choice})

    assert after.score - before.score == points.get("django", 0) - points.get("flask", 0)
    for framework, other in (("django", "flask"), ("flask", "django")):
        if framework in points:
            assert not (before.framework == framework and after.framework == other)
            assert after.points[other] == before.points[other]


@given(any_answers)
def test_points_reasons_and_score_tell_the_same(answers):
    recommendation = recommended(**answers)

    assert recommendation.score == recommendation.points["django"] - recommendation.points["flask"]
    for framework, points in recommendation.points.items():
        reasons = [r for r in recommendation.reasons if r.framework == framework]
        assert sum(reason.points for reason in reasons) == points
    for reason in recommendation.reasons:
        assert reason.points > 0
        assert answers[reason.question] == reason.choice
        assert reason.section.split(" (")[0] in QUESTIONNAIRE.claims[reason.claims[0]].sections
    assert {*recommendation.unanswered} == CHOICES.keys() - answers.keys()


@given(any_answers)
def test_the_order_of_answers_does_not_matter(answers):
    backwards = dict(reversed(answers.items()))

    assert recommended(**answers) == recommended(**backwards)


@given(any_answers)
def test_a_recommendation_is_plain_json(answers):
    recommendation = recommended(**answers)
    values = json.loads(json.dumps(recommendation.as_dict()))

    assert values == recommendation.as_dict()
    assert list(values) == [field.name for field in dataclasses.fields(recommendation)]
    assert recommend(values["answers"], QUESTIONNAIRE) == recommendation


# ---- Flips ------------------------------------------------------------------------------------


def changes_that_flip(answers, size):
    """Every change of that many answers that leads to another framework, by trying all of them."""
    present = verdict_by_hand(answers)[2]
    alternatives = [(q, c) for q in CHOICES for c in CHOICES[q] if answers.get(q) != c]
    found = []
    for pairs in combinations(alternatives, size):
        changes = dict(pairs)
        framework = verdict_by_hand({**answers, **changes})[2]
        if len(changes) == size and framework not in (None, present):
            found.append(changes)
    return found


@settings(max_examples=60)
@given(any_answers)
def test_flips_are_true_and_none_is_missed(answers):
    recommendation = recommended(**answers)
    singles = changes_that_flip(answers, 1)

    for flip in recommendation.flips:
        changed = recommended(**{**answers, **flip.changes})
        assert flip.framework == changed.framework != recommendation.framework
        assert flip.band == changed.band
    if singles:
        assert 1 <= len(recommendation.flips) <= 5
        assert all(dict(flip.changes) in singles for flip in recommendation.flips)
    else:
        pairs = changes_that_flip(answers, 2)
        assert len(recommendation.flips) == bool(pairs)
        assert all(dict(flip.changes) in pairs for flip in recommendation.flips)


@given(any_answers)
def test_flips_name_what_is_unsure_before_what_was_answered(answers):
    given_ones = [
        sum(question in answers for question in flip.changes)
        for flip in recommended(**answers).flips
    ]

    assert given_ones == sorted(given_ones)


def test_the_smallest_pair_is_named_where_no_single_answer_flips():
    answers = {**LARGE, "style": "no-preference", "backoffice": "no", "accounts": "nobody"}
    recommendation = recommended(**answers, layer="product", team="1-2", first_project="no")

    assert recommendation.score == 4
    changes = [dict(flip.changes) for flip in recommendation.flips]
    assert changes == [{"scope": "one-job"}, {"data": "elsewhere"}]

    stronger = recommended(**{**answers, "accounts": "own-users"}, layer="product")
    assert stronger.score == 7
    (flip,) = stronger.flips
    assert len(flip.changes) == 2


def test_nothing_plausible_flips_the_clearest_answers():
    assert recommended(**LARGE, team="6-plus", layer="product", first_project="no").flips == ()


# ---- Stopping early ---------------------------------------------------------------------------


@settings(max_examples=300)
@given(any_answers, st.data())
def test_stopping_when_settled_never_changes_the_framework(answers, data):
    if not settled(answers, QUESTIONNAIRE):
        return
    rest = {
        question: data.draw(st.sampled_from(["dont-know", *sorted(choices)]))
        for question, choices in CHOICES.items()
        if question not in answers
    }

    stopped, asked = recommended(**answers), recommended(**answers, **rest)

    assert stopped.framework == asked.framework


@settings(max_examples=60)
@given(nearly_all_answers())
def test_settled_is_exact(answers):
    open_questions = [question for question in CHOICES if question not in answers]
    frameworks = {
        verdict_by_hand(answers | {q: c for q, c in zip(open_questions, rest, strict=True) if c})[2]
        for rest in product(*[[None, *CHOICES[question]] for question in open_questions])
    }

    assert settled(answers, QUESTIONNAIRE) == (len(frameworks) == 1)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (LARGE, True),
        (SMALL, True),
        # The others can still move 5 towards Flask: from 6 that leaves 1, from 5 it leaves a tie.
        (LARGE | {"style": "no-preference", "data": "few-tables", "backoffice": "a-little"}, True),
        (LARGE | {"style": "no-preference", "data": "few-tables", "backoffice": "no"}, False),
        ({question: next(iter(choices)) for question, choices in CHOICES.items()}, True),
        ({"scope": "one-job"}, False),
        # Whatever the others say it will be one framework, but as it stands it is not enough.
        (
            {"scope": "many-modules", "style": "ready-structure", "accounts": "own-users"}
            | {"team": "6-plus", "sensitive": "yes"},
            False,
        ),
    ],
)
def test_the_offer_to_stop_comes_when_it_is_safe(answers, expected):
    assert settled(answers, QUESTIONNAIRE) is expected


# ---- Tensions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", QUESTIONNAIRE.tensions, ids=lambda rule: "+".join(rule.when))
def test_every_tension_shows_when_all_its_answers_are_given_and_not_before(rule):
    for choices in product(*rule.when.values()):
        answers = dict(zip(rule.when, choices, strict=True))
        shown = recommended(**answers).tensions
        assert rule.text in [tension.text for tension in shown]
        assert tuple(rule.when) in [tension.questions for tension in shown]
        for question in answers:
            fewer = {k: v for k, v in answers.items() if k != question}
            assert rule.text not in [tension.text for tension in recommended(**fewer).tensions]


def test_wanting_the_built_in_parts_and_replacing_them_is_warned_of():
    answers = {**LARGE, "style": "choose-parts", "output": "api-only"}
    pulling = {tension.questions for tension in recommended(**answers).tensions}

    assert {("accounts", "output"), ("style", "accounts"), ("backoffice", "output")} <= pulling


def test_answers_that_agree_show_no_tension():
    assert recommended(**LARGE).tensions == ()
    assert recommended(**SMALL).tensions == ()
