"""Real applications with the needs they began with, and those that had needs like the answers.

They are facts about others and not votes: no point and no band depends on them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stackgen.advice.questionnaire import Questionnaire
from stackgen.errors import QuestionnaireError

_PACKAGED = Path(__file__).with_name("precedents.jsonl")
_SHOWN = 3
_CLOSE = 0.1
"""How much less alike the nearest of the other framework may be, to be worth naming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """An application as it was founded; it may be there twice, at two times.

    Attributes:
        answers: Question id to choice id, as one reader found them in its first commits.
        unsure: The questions of these whose answer that reader was not sure of.
        year: Of its first commit; None where it is not known.
        seen_in: The file that shows the framework, and the commit.
    """

    repository: str
    what: str
    framework: str
    year: int | None
    answers: Mapping[str, str]
    unsure: frozenset[str]
    seen_in: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A precedent beside answers: `similarity` is 1 where all that both answer is the same."""

    repository: str
    what: str
    framework: str
    year: int | None
    similarity: float


@cache
def load_precedents(path: Path | None = None) -> tuple[Precedent, ...]:
    """Read the precedents, by default those that come with stackgen; read once per path.

    Raises:
        QuestionnaireError: The file cannot be read, or a line is no precedent.
    """
    file = path or _PACKAGED
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return tuple(_precedent(json.loads(line)) for line in lines)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuestionnaireError(
            f"The precedents `{file.name}` cannot be read: {error}. Install stackgen again."
        ) from error


def _precedent(values: Mapping[str, Any]) -> Precedent:
    return Precedent(
        repository=values["repository"],
        what=values["what"],
        framework=values["framework"],
        year=values["year"],
        answers=dict(values["answers"]),
        unsure=frozenset(values["unsure"]),
        seen_in=dict(values["seen_in"]),
    )


def nearest(
    answers: Mapping[str, str], precedents: Iterable[Precedent], questionnaire: Questionnaire
) -> tuple[Similar, ...]:
    """Return the three precedents that are most like the answers, the most alike first.

    Those that are equally alike keep the order of the list. None has a question in common with
    no answers at all.
    """
    return tuple(_ranked(answers, precedents, questionnaire)[:_SHOWN])


def nearest_other(
    answers: Mapping[str, str], precedents: Iterable[Precedent], questionnaire: Questionnaire
) -> Similar | None:
    """Return the nearest one of the other framework, where the three nearest hide that it is close.

    That is where all three took the same one, and it is less alike than the third by 0.1 at most.
    """
    ranked = _ranked(answers, precedents, questionnaire)
    shown, rest = ranked[:_SHOWN], ranked[_SHOWN:]
    taken = {one.framework for one in shown}
    if len(taken) != 1:
        return None
    other = next((one for one in rest if one.framework not in taken), None)
    return other if other and shown[-1].similarity - other.similarity <= _CLOSE else None


def similarity(
    answers: Mapping[str, str], precedent: Precedent, questionnaire: Questionnaire
) -> float:
    """Return how much an application was like what the answers say, from 0 to 1.

    It is the mean over the questions that both answer, 0 where there is none: 1 for the same
    choice, else up to one half, by how near the points of the two choices are. A question counts
    by its weight, one at least, and half of that where its reader was not sure. What one of the two
    does not answer counts for neither side.

    Raises:
        AnswerError: For an unknown question or choice.
    """
    total = alike = 0.0
    for question_id, choice_id in answers.items():
        theirs = precedent.answers.get(question_id)
        if theirs is None:
            continue
        question = questionnaire.question(question_id)
        weight = max(1, question.weight) / (2 if question_id in precedent.unsure else 1)
        total += weight
        if theirs == choice_id:
            alike += weight
            continue
        first, second = questionnaire.sides
        points = {
            choice.id: choice.points.get(first, 0) - choice.points.get(second, 0)
            for choice in question.choices
        }
        span = max(points.values()) - min(points.values())
        apart = abs(points[choice_id] - points[question.choice(theirs).id])
        alike += weight * (1 - apart / span if span else 1) / 2
    return alike / total if total else 0.0


def _ranked(
    answers: Mapping[str, str], precedents: Iterable[Precedent], questionnaire: Questionnaire
) -> list[Similar]:
    known = {question.id for question in questionnaire.questions}
    found = [
        Similar(
            repository=precedent.repository,
            what=precedent.what,
            framework=precedent.framework,
            year=precedent.year,
            similarity=round(similarity(answers, precedent, questionnaire), 3),
        )
        for precedent in precedents
        if answers.keys() & precedent.answers.keys() & known
    ]
    return sorted(found, key=lambda one: -one.similarity)
