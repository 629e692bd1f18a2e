"""Which framework the answers speak for, how clearly, and whether more answers could change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from stackgen.advice.questionnaire import DONT_KNOW, Questionnaire

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

    The bands and the guards are those of the questionnaire: `not-enough` with less than half of all
    weight answered; never `strong` where the deciding answers point opposite ways; and without any
    deciding answer a `lean` at most, and that only from its own distance and share of the weight of
    the others.
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
    elif distance < questionnaire.strong or opposed or not state.decided:
        band = "lean"
    else:
        band = "strong"
    return Verdict(framework_of(state, questionnaire), band, state.score)


def settled(answers: Mapping[str, str], questionnaire: Questionnaire) -> bool:
    """Tell whether it makes no difference any more what the questions still open are answered.

    A question that was passed (`dont-know`) is not open any more. With a deciding answer, or one
    still to come, it is settled where every way to answer on ends in the same framework, or in
    none. Where all deciding questions were passed, a recommendation is settled too once no answer
    can lead to the other framework: more answers could do no more than take the lean away.

    Raises:
        AnswerError: For an unknown question or choice.
    """
    reached = within_reach(answers, questionnaire)
    if len(reached) == 1:
        return True
    checked = questionnaire.check(answers)
    blind = all(checked.get(question) == DONT_KNOW for question in questionnaire.deciding)
    present = reach_verdict(questionnaire.answered(checked), questionnaire).framework
    return blind and present is not None and reached == {present, None}


def within_reach(answers: Mapping[str, str], questionnaire: Questionnaire) -> frozenset[str | None]:
    """Return every framework that answering on can end in; None stands for no recommendation.

    Every state that more answers can lead to is looked at: a state is the score, the weight
    answered, and whether a deciding question is; so they are few, however many the combinations.
    A question that was passed (`dont-know`) stays without an answer.

    Raises:
        AnswerError: For an unknown question or choice.
    """
    checked = questionnaire.check(answers)
    states = {state_of(questionnaire.answered(checked), questionnaire)}
    for question in questionnaire.questions:
        if question.id in checked:
            continue
        steps = {_signed(choice.points, questionnaire) for choice in question.choices}
        deciding = question.id in questionnaire.deciding
        states |= {
            State(state.score + step, state.weight + question.weight, state.decided or deciding)
            for state in states
            for step in steps
        }
    return frozenset(framework_of(state, questionnaire) for state in states)


def state_of(answers: Mapping[str, str], questionnaire: Questionnaire) -> State:
    """Return what checked answers add up to."""
    return State(
        score=sum(_score(question, answers, questionnaire) for question in answers),
        weight=questionnaire.weight_of(answers),
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


def has_weight(state: State, questionnaire: Questionnaire) -> bool:
    """Tell whether enough of what counts is answered, whatever the answers are."""
    if state.decided:
        return 2 * state.weight >= questionnaire.weight
    return state.weight >= questionnaire.blind_share * questionnaire.blind_weight


def _is_enough(state: State, questionnaire: Questionnaire) -> bool:
    clear = state.decided or abs(state.score) >= questionnaire.blind_distance
    return clear and has_weight(state, questionnaire)


def framework_of(state: State, questionnaire: Questionnaire) -> str | None:
    """Return the framework of a state, or None where it does not decide."""
    if state.score == 0 or not _is_enough(state, questionnaire):
        return None
    first, second = questionnaire.sides
    return first if state.score > 0 else second
