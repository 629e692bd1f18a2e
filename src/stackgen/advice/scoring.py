"""Which framework the answers speak for, how clearly, and whether more answers could change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from stackgen.advice.questionnaire import Questionnaire

Band = Literal["strong", "lean", "near-tie", "not-enough"]


class Verdict(NamedTuple):
    """A framework, or None where the answers do not decide; the band; the signed score."""

    framework: str | None
    band: Band
    score: int


class State(NamedTuple):
    """All that the framework depends on: the score, the weight answered, a deciding answer."""

    score: int
    weight: int
    decided: bool


def reach_verdict(answers: Mapping[str, str], questionnaire: Questionnaire) -> Verdict:
    """Return what checked answers come to.

    The bands and the two guards are those of the questionnaire: `not-enough` without an answer to
    a deciding question or with less than half of all weight answered, and never `strong` where the
    deciding answers point opposite ways.
    """
    state = state_of(answers, questionnaire)
    signs = [_score(question, answers, questionnaire) for question in questionnaire.deciding]
    opposed = min(signs) < 0 < max(signs)
    distance = abs(state.score)
    band: Band
    if not _is_enough(state, questionnaire):
        band = "not-enough"
    elif distance < questionnaire.lean:
        band = "near-tie"
    elif distance < questionnaire.strong or opposed:
        band = "lean"
    else:
        band = "strong"
    return Verdict(framework_of(state, questionnaire), band, state.score)


def settled(answers: Mapping[str, str], questionnaire: Questionnaire) -> bool:
    """Tell whether no answer still missing can change the framework, or that there is none.

    Every state that answering more can lead to is looked at: a state is the score, the weight
    answered, and whether a deciding question is; so they are few, however many the combinations.

    Raises:
        AnswerError: For an unknown question or choice.
    """
    answers = questionnaire.check(answers)
    states = {state_of(answers, questionnaire)}
    for question in questionnaire.questions:
        if question.id in answers:
            continue
        steps = {_signed(choice.points, questionnaire) for choice in question.choices}
        deciding = question.id in questionnaire.deciding
        states |= {
            State(state.score + step, state.weight + question.weight, state.decided or deciding)
            for state in states
            for step in steps
        }
    return len({framework_of(state, questionnaire) for state in states}) == 1


def state_of(answers: Mapping[str, str], questionnaire: Questionnaire) -> State:
    """Return what checked answers add up to."""
    return State(
        score=sum(_score(question, answers, questionnaire) for question in answers),
        weight=sum(questionnaire.question(question).weight for question in answers),
        decided=any(question in answers for question in questionnaire.deciding),
    )


def _score(question: str, answers: Mapping[str, str], questionnaire: Questionnaire) -> int:
    """Return the signed points of the answer to one question; 0 where there is none."""
    if question not in answers:
        return 0
    choice = questionnaire.question(question).choice(answers[question])
    return _signed(choice.points, questionnaire)


def _signed(points: Mapping[str, int], questionnaire: Questionnaire) -> int:
    """Return points for the first framework as they are, those for the second below zero."""
    first, second = questionnaire.sides
    return points.get(first, 0) - points.get(second, 0)


def _is_enough(state: State, questionnaire: Questionnaire) -> bool:
    return state.decided and 2 * state.weight >= questionnaire.weight


def framework_of(state: State, questionnaire: Questionnaire) -> str | None:
    """Return the framework of a state, or None where it does not decide."""
    if state.score == 0 or not _is_enough(state, questionnaire):
        return None
    first, second = questionnaire.sides
    return first if state.score > 0 else second
