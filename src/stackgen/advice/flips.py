"""What would change a recommendation: answers that lead to the other framework, if plausible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from stackgen.advice.questionnaire import Choice, Question, Questionnaire
from stackgen.advice.scoring import Band, State, framework_of, has_weight, reach_verdict, state_of

_MOST_FLIPS = 5

# What follows the conditions, by the band that they lead to; `{}` is the framework's name.
_OUTCOMES: Mapping[Band, str] = {
    "strong": "it would clearly be {}",
    "lean": "it would lean to {}",
    "near-tie": "{} would be just ahead",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Answers that would lead to another framework, to which, in which band, and as a sentence."""

    changes: Mapping[str, str]
    framework: str
    band: Band
    text: str


class _Change(NamedTuple):
    """Changes to the answers, tried out: how many of them were answered, and where they lead."""

    changes: Mapping[str, str]
    answered: int
    moved: int
    score: int
    framework: str


def find_flips(answers: Mapping[str, str], questionnaire: Questionnaire) -> tuple[Flip, ...]:
    """Return the single changes that lead to another framework, else the smallest pair, if any.

    Of the choices of one question that lead to the same framework only the nearest is kept.
    Questions without an answer come before answers given, and clearer results before closer ones.
    A change that only makes both sides even leads to no framework, and is none of them; nor is one
    that moves no point, that does not go with the other answers, or that nobody would think of.
    Where too little is answered it is answers that are missing, not other ones: there are none.

    Args:
        answers: Checked answers, without questions that were passed.
        questionnaire: The questions.
    """
    if not has_weight(state_of(answers, questionnaire), questionnaire):
        return ()
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
    return tuple(_flip(change, answers, questionnaire) for change in found[:_MOST_FLIPS])


def _flip(change: _Change, answers: Mapping[str, str], questionnaire: Questionnaire) -> Flip:
    band = reach_verdict({**answers, **change.changes}, questionnaire).band
    conditions = [
        _condition(questionnaire.question(question), choice, answers.get(question))
        for question, choice in change.changes.items()
    ]
    outcome = _OUTCOMES[band].format(questionnaire.frameworks[change.framework])
    return Flip(
        changes=change.changes,
        framework=change.framework,
        band=band,
        text=f"If {' and '.join(conditions)}, {outcome}.",
    )


def _condition(question: Question, choice: str, given: str | None) -> str:
    instead = question.choice(given).instead if given else ""
    return question.choice(choice).condition + (f" instead of {instead}" if instead else "")


def _changes(
    answers: Mapping[str, str], questionnaire: Questionnaire, *, size: int
) -> Iterator[_Change]:
    """Yield the changes of that many answers that lead to a framework other than the present."""
    present = state_of(answers, questionnaire)
    # Steps of different questions add up, so that pairs need no reckoning from the beginning.
    alternatives = [
        (question.id, choice.id, state_of({**answers, question.id: choice.id}, questionnaire))
        for question in questionnaire.questions
        for choice in _open_choices(question, answers.get(question.id))
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
        if framework is None or framework == framework_of(present, questionnaire):
            continue
        if state.score == present.score:
            continue
        if not _goes_together(changes, answers, questionnaire):
            continue
        yield _Change(
            changes=changes,
            answered=sum(question in answers for question in changes),
            moved=abs(state.score - present.score),
            score=state.score,
            framework=framework,
        )


def _open_choices(question: Question, given: str | None) -> list[Choice]:
    """Return the choices that might hold instead of the one given, or of none."""
    if given is None:
        return list(question.choices)
    place = [choice.id for choice in question.choices].index(given)
    reach = {"freely": len(question.choices), "by-a-step": 1, "never": 0}[question.may_change]
    return [
        choice for other, choice in enumerate(question.choices) if 0 < abs(other - place) <= reach
    ]


def _goes_together(
    changes: Mapping[str, str], answers: Mapping[str, str], questionnaire: Questionnaire
) -> bool:
    """Tell whether no change contradicts, or pulls against, another one or an answer given."""
    changed = {**answers, **changes}
    rules = (*questionnaire.contradictions, *questionnaire.tensions)
    return not any(rule.applies_to(changed) for rule in rules if rule.when.keys() & changes.keys())
