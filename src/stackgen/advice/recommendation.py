"""From answers to a recommendation: which framework, how sure, why, what would change it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from stackgen.advice.flips import Flip, find_flips
from stackgen.advice.precedents import Precedent, Similar, nearest, nearest_other
from stackgen.advice.questionnaire import Questionnaire
from stackgen.advice.scoring import Band, reach_verdict


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
class Tension:
    """Answers that pull against each other, and what usually follows."""

    questions: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """What the answers speak of and the article is silent on: in a line, and in full."""

    questions: tuple[str, ...]
    brief: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What weighs in a near tie, and what to do; it moves no point."""

    questions: tuple[str, ...]
    framework: Annotated[str | None, "What it speaks for, whatever the points say; null for none."]
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
    tensions: Annotated[tuple[Tension, ...], "Those of the questions that weigh most come first."]
    caveats: tuple[Caveat, ...]
    judgement: Annotated[Judgement | None, "In a near tie alone."]
    unanswered: tuple[str, ...]
    passed: Annotated[tuple[str, ...], "Those not answered that a `dont-know` was given to."]
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
        answers: Question id to choice id; `dont-know` passes a question.
        questionnaire: The questions.
        precedents: Applications that are named where their needs were alike; they move no point.

    Raises:
        AnswerError: For an unknown question or choice.
    """
    checked = questionnaire.check(answers)
    answers = questionnaire.answered(checked)
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
        flips=find_flips(answers, questionnaire),
        tensions=_tensions(answers, questionnaire),
        caveats=tuple(
            Caveat(questions=found, brief=rule.brief, text=rule.text)
            for rule in questionnaire.caveats
            if (found := rule.found_in(answers))
        ),
        judgement=_judgement(answers, questionnaire) if verdict.band == "near-tie" else None,
        unanswered=tuple(q.id for q in questionnaire.questions if q.id not in answers),
        passed=tuple(question for question in checked if question not in answers),
        silent_on=questionnaire.silent_on,
        answers=answers,
        precedents=nearest(answers, precedents, questionnaire),
        other_precedent=nearest_other(answers, precedents, questionnaire),
    )


def _reasons(answers: Mapping[str, str], questionnaire: Questionnaire) -> tuple[Reason, ...]:
    """Return the answers that count, by their points, then by the weight of their questions."""
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
    return tuple(
        sorted(reasons, key=lambda r: (-r.points, -questionnaire.question(r.question).weight))
    )


def _tensions(answers: Mapping[str, str], questionnaire: Questionnaire) -> tuple[Tension, ...]:
    """Return where the answers pull against each other, the heaviest questions first."""
    rules = [rule for rule in questionnaire.tensions if rule.applies_to(answers)]
    rules.sort(key=lambda rule: -questionnaire.weight_of(rule.when))
    return tuple(Tension(questions=tuple(rule.when), text=rule.text) for rule in rules)


def _judgement(answers: Mapping[str, str], questionnaire: Questionnaire) -> Judgement:
    rule = next(rule for rule in questionnaire.judgements if rule.applies_to(answers))
    return Judgement(questions=tuple(rule.when), framework=rule.framework, text=rule.text)


def _plain(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return fields as a dictionary of plain data: JSON and YAML know lists, and no tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields}
