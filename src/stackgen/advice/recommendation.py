"""From answers to a recommendation: which framework, how sure, why, what would change it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, Any, NamedTuple

from stackgen.advice.precedents import Precedent, Similar, nearest, nearest_other
from stackgen.advice.questionnaire import Questionnaire
from stackgen.advice.scoring import Band, State, framework_of, reach_verdict, state_of

_MOST_FLIPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """An answer that counts: for which framework, how much, and on which claims that rests."""

    question: str
    choice: str
    framework: str
    points: int
    claims: tuple[str, ...]
    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Answers that would lead to another framework, and to which, in which band."""

    changes: Mapping[str, str]
    framework: str
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Tension:
    """Answers that pull against each other, and what usually follows."""

    questions: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What the answers speak for. `framework` is None where they do not decide."""

    framework: str | None
    band: Band
    score: int
    points: Mapping[str, int]
    reasons: tuple[Reason, ...]
    flips: tuple[Flip, ...]
    tensions: tuple[Tension, ...]
    unanswered: tuple[str, ...]
    silent_on: tuple[str, ...]
    answers: Mapping[str, str]
    precedents: Annotated[
        tuple[Similar, ...],
        "Applications with needs like these, nearest first; no part of the score.",
    ]
    other_precedent: Annotated[
        Similar | None,
        "The nearest of the other framework, where all those took one and it is close.",
    ]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data, key by field: what `recommend` prints and a project records."""
        return dataclasses.asdict(self, dict_factory=_plain)


def recommend(
    answers: Mapping[str, str],
    questionnaire: Questionnaire,
    precedents: Sequence[Precedent] = (),
) -> Recommendation:
    """Return what these answers speak for; with none of them, that they are not enough.

    Args:
        answers: Question id to choice id.
        questionnaire: The questions.
        precedents: Applications that are named where their needs were alike; they move no point.

    Raises:
        AnswerError: For an unknown question or choice.
    """
    answers = questionnaire.check(answers)
    verdict = reach_verdict(answers, questionnaire)
    reasons = _reasons(answers, questionnaire)
    return Recommendation(
        framework=verdict.framework,
        band=verdict.band,
        score=verdict.score,
        points={
            framework: sum(r.points for r in reasons if r.framework == framework)
            for framework in questionnaire.frameworks
        },
        reasons=reasons,
        flips=_flips(answers, questionnaire),
        tensions=tuple(
            Tension(questions=tuple(rule.when), text=rule.text)
            for rule in questionnaire.tensions
            if rule.applies_to(answers)
        ),
        unanswered=tuple(q.id for q in questionnaire.questions if q.id not in answers),
        silent_on=questionnaire.silent_on,
        answers=answers,
        precedents=nearest(answers, precedents, questionnaire),
        other_precedent=nearest_other(answers, precedents, questionnaire),
    )


def _reasons(answers: Mapping[str, str], questionnaire: Questionnaire) -> tuple[Reason, ...]:
    """Return the answers that count, the heaviest first."""
    reasons = []
    for question_id, choice_id in answers.items():
        choice = questionnaire.question(question_id).choice(choice_id)
        reasons += [
            Reason(
                question=question_id,
                choice=choice_id,
                framework=framework,
                points=points,
                claims=choice.claims,
                section=questionnaire.section(choice.claims[0]),
                text=choice.reason,
            )
            for framework, points in choice.points.items()
        ]
    return tuple(sorted(reasons, key=lambda reason: -reason.points))


class _Change(NamedTuple):
    """Changes to the answers, tried out: how many of them were answered, and where they lead."""

    changes: Mapping[str, str]
    answered: int
    moved: int
    score: int
    framework: str


def _flips(answers: Mapping[str, str], questionnaire: Questionnaire) -> tuple[Flip, ...]:
    """Return the single changes that lead to another framework, else the smallest pair, if any.

    Of the choices of one question that lead to the same framework only the nearest is kept.
    Questions without an answer come before answers given, and clearer results before closer ones.
    A change that only makes both sides even leads to no framework, and is none of them.
    """
    singles: dict[tuple[str, str], _Change] = {}
    for change in _changes(answers, questionnaire, size=1):
        (question,) = change.changes
        nearest = singles.setdefault((question, change.framework), change)
        if change.moved < nearest.moved:
            singles[question, change.framework] = change
    found = sorted(singles.values(), key=lambda c: (c.answered, -abs(c.score)))
    if not found:
        pairs = _changes(answers, questionnaire, size=2)
        found = sorted(pairs, key=lambda c: (c.answered, c.moved))[:1]
    return tuple(
        Flip(
            changes=change.changes,
            framework=change.framework,
            band=reach_verdict({**answers, **change.changes}, questionnaire).band,
        )
        for change in found[:_MOST_FLIPS]
    )


def _changes(
    answers: Mapping[str, str], questionnaire: Questionnaire, *, size: int
) -> Iterator[_Change]:
    """Yield the changes of that many answers that lead to a framework other than the present."""
    present = state_of(answers, questionnaire)
    # Steps of different questions add up, so that pairs need no reckoning from the beginning.
    alternatives = [
        (question.id, choice.id, state_of({**answers, question.id: choice.id}, questionnaire))
        for question in questionnaire.questions
        for choice in question.choices
        if answers.get(question.id) != choice.id
    ]
    for steps in combinations(alternatives, size):
        changes = {question: choice for question, choice, _ in steps}
        if len(changes) < size:
            continue
        state = State(
            score=present.score + sum(step.score - present.score for _, _, step in steps),
            weight=present.weight + sum(step.weight - present.weight for _, _, step in steps),
            decided=any(step.decided for _, _, step in steps),
        )
        framework = framework_of(state, questionnaire)
        if framework not in (None, framework_of(present, questionnaire)):
            yield _Change(
                changes=changes,
                answered=sum(question in answers for question in changes),
                moved=abs(state.score - present.score),
                score=state.score,
                framework=framework,
            )


def _plain(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return fields as a dictionary of plain data: JSON and YAML know lists, and no tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields}
