"""From answers to a recommendation: which framework, how sure, why, what would change it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, NamedTuple

from stackgen.errors import AnswerError
from stackgen.questionnaire import Questionnaire

Band = Literal["strong", "lean", "near-tie", "not-enough"]

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
    """Answers given that pull against each other, and what usually follows."""

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

    def as_dict(self) -> dict[str, Any]:
        """Return plain data, as `--json` prints it and a project records it."""
        return {
            "framework": self.framework,
            "band": self.band,
            "score": self.score,
            "points": dict(self.points),
            "reasons": [_plain(reason) for reason in self.reasons],
            "flips": [_plain(flip) for flip in self.flips],
            "tensions": [_plain(tension) for tension in self.tensions],
            "unanswered": list(self.unanswered),
            "silent_on": list(self.silent_on),
            "answers": dict(self.answers),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Recommendation":
        """Return a recommendation from the plain data of `as_dict`; other keys are passed over.

        Raises:
            AnswerError: where a part is missing or is not what `as_dict` gives.
        """
        try:
            return cls(
                framework=values["framework"],
                band=values["band"],
                score=int(values["score"]),
                points=dict(values["points"]),
                reasons=tuple(Reason(**_fields(Reason, reason)) for reason in values["reasons"]),
                flips=tuple(Flip(**_fields(Flip, flip)) for flip in values["flips"]),
                tensions=tuple(
                    Tension(**_fields(Tension, tension)) for tension in values["tensions"]
                ),
                unanswered=tuple(values["unanswered"]),
                silent_on=tuple(values["silent_on"]),
                answers=dict(values["answers"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise AnswerError(
                f"The recorded recommendation cannot be read ({type(error).__name__}: {error}). "
                "Restore it from the project's history, or answer the questions anew."
            ) from error


class _Verdict(NamedTuple):
    framework: str | None
    band: Band
    score: int


def recommend(answers: Mapping[str, str], questionnaire: Questionnaire) -> Recommendation:
    """Return what these answers speak for; with none of them, that they are not enough.

    Raises:
        AnswerError: for an unknown question or choice.
    """
    answers = questionnaire.check(answers)
    verdict = _verdict(answers, questionnaire)
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
    )


def settled(answers: Mapping[str, str], questionnaire: Questionnaire) -> bool:
    """Tell whether no answer still missing can change the framework, or that there is none.

    Every state that answering more can lead to is looked at: a state is the score, the weight
    answered, and whether a deciding question is; so they are few, however many the combinations.

    Raises:
        AnswerError: for an unknown question or choice.
    """
    answers = questionnaire.check(answers)
    states = {_state(answers, questionnaire)}
    for question in questionnaire.questions:
        if question.id in answers:
            continue
        steps = {_signed(choice.points, questionnaire) for choice in question.choices}
        deciding = question.id in questionnaire.deciding
        states |= {
            _State(state.score + step, state.weight + question.weight, state.decided or deciding)
            for state in states
            for step in steps
        }
    return len({_framework(state, questionnaire) for state in states}) == 1


class _State(NamedTuple):
    """All that the framework depends on: the score, the weight answered, a deciding answer."""

    score: int
    weight: int
    decided: bool


def _state(answers: Mapping[str, str], questionnaire: Questionnaire) -> _State:
    return _State(
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
    first, second = questionnaire.frameworks
    return points.get(first, 0) - points.get(second, 0)


def _is_enough(state: _State, questionnaire: Questionnaire) -> bool:
    total = sum(question.weight for question in questionnaire.questions)
    return state.decided and 2 * state.weight >= total


def _framework(state: _State, questionnaire: Questionnaire) -> str | None:
    if state.score == 0 or not _is_enough(state, questionnaire):
        return None
    first, second = questionnaire.frameworks
    return first if state.score > 0 else second


def _verdict(answers: Mapping[str, str], questionnaire: Questionnaire) -> _Verdict:
    state = _state(answers, questionnaire)
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
    return _Verdict(_framework(state, questionnaire), band, state.score)


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
    """Changes to the answers, tried out: how many given ones they touch, and how far they move."""

    changes: Mapping[str, str]
    given: int
    moved: int
    verdict: _Verdict


def _flips(answers: Mapping[str, str], questionnaire: Questionnaire) -> tuple[Flip, ...]:
    """Return the single changes that lead to another framework, else the smallest pair, if any.

    Of the choices of one question that lead to the same framework only the nearest is kept.
    Questions without an answer come before answers given, and clearer results before closer ones.
    """
    singles: dict[tuple[str, str | None], _Change] = {}
    for change in _changes(answers, questionnaire, size=1):
        (question,) = change.changes
        key = (question, change.verdict.framework)
        if key not in singles or change.moved < singles[key].moved:
            singles[key] = change
    found = sorted(singles.values(), key=lambda c: (c.given, -abs(c.verdict.score)))
    if not found:
        pairs = _changes(answers, questionnaire, size=2)
        smallest = min(pairs, key=lambda c: (c.given, c.moved), default=None)
        found = [smallest] if smallest else []
    return tuple(
        Flip(changes=c.changes, framework=c.verdict.framework, band=c.verdict.band)
        for c in found[:_MOST_FLIPS]
        if c.verdict.framework
    )


def _changes(
    answers: Mapping[str, str], questionnaire: Questionnaire, *, size: int
) -> Iterator[_Change]:
    """Yield the changes of that many answers that lead to a framework other than the present."""
    present = _verdict(answers, questionnaire)
    alternatives = [
        (question.id, choice.id)
        for question in questionnaire.questions
        for choice in question.choices
        if answers.get(question.id) != choice.id
    ]
    for pairs in combinations(alternatives, size):
        changes = dict(pairs)
        if len(changes) < size:
            continue
        changed = {**answers, **changes}
        verdict = _verdict(changed, questionnaire)
        if verdict.framework in (None, present.framework):
            continue
        yield _Change(
            changes=changes,
            given=sum(question in answers for question in changes),
            moved=abs(verdict.score - present.score),
            verdict=verdict,
        )


def _plain(part: Reason | Flip | Tension) -> dict[str, Any]:
    """Return a part as plain data: lists for tuples, dictionaries for mappings."""
    values = {name: getattr(part, name) for name in type(part).__dataclass_fields__}
    return {
        name: dict(value)
        if isinstance(value, Mapping)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in values.items()
    }


def _fields(kind: type[Reason | Flip | Tension], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a part from plain data; `KeyError` where one is missing."""
    fields = {name: values[name] for name in kind.__dataclass_fields__}
    return {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}
