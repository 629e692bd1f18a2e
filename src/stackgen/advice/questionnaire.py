"""The questionnaire: what is asked, what each answer speaks for, and what the article claims."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stackgen.errors import AnswerError
from stackgen.foreign_text import LONGEST_SHOWN, quoted

DONT_KNOW = "dont-know"
"""An answer that leaves a question unanswered, wherever answers come from outside."""

MayChange = Literal["freely", "by-a-step", "never"]
"""How an answer given may be thought otherwise: to any choice, to the next one, or not at all."""

# YAML 1.1 reads a bare yes or no as a boolean, and JSON has its own.
_BOOLEANS = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the article says on one aspect; a framework without a side is one it is silent on."""

    id: str
    aspect: str
    sections: tuple[str, ...]
    sides: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One heading of the comparison, and the claims that stand under it."""

    id: str
    title: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One possible answer: its points for a framework, why, and the options it implies.

    `condition` is what follows an "if" where this answer is only thought of, and `instead` what
    follows an "instead of" where it is the one given; empty where that needs no words.
    """

    id: str
    label: str
    condition: str
    instead: str
    points: Mapping[str, int]
    reason: str
    claims: tuple[str, ...]
    implies: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        topic: What it is about, in the words of a list.
        help: Why it is asked.
        may_change: How far an answer given is open to change; one not given is open to any.
    """

    id: str
    text: str
    topic: str
    help: str
    may_change: MayChange
    choices: tuple[Choice, ...]

    def choice(self, choice_id: str) -> Choice:
        """Return the choice of that id, or raise `AnswerError` with the nearest ones."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        ids = [choice.id for choice in self.choices]
        raise AnswerError(
            f"`{self.id}` cannot be {quoted(choice_id)}.{_nearest(choice_id, ids)} "
            f"Choose one of: {', '.join([*ids, DONT_KNOW])}."
        )

    @property
    def weight(self) -> int:
        """How much it can matter: the most points that any choice gives."""
        return max((sum(choice.points.values()) for choice in self.choices), default=0)

    @property
    def accepted(self) -> tuple[str | bool, ...]:
        """Every value that `Questionnaire.check` takes for an answer to this question."""
        ids = [choice.id for choice in self.choices]
        booleans = [value for value, choice_id in _BOOLEANS.items() if choice_id in ids]
        return (*ids, DONT_KNOW, *booleans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Answers that belong together: one of the listed choices in every question named."""

    when: Mapping[str, tuple[str, ...]]

    def applies_to(self, answers: Mapping[str, str]) -> bool:
        """Tell whether these answers are such."""
        return all(answers.get(question) in choices for question, choices in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class TensionRule(Rule):
    """Answers that pull against each other, and what usually follows."""

    claims: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRule(Rule):
    """What weighs in a near tie of such answers; `framework` is what it speaks for, if any."""

    framework: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaveatRule:
    """What the article leaves out and some answers speak of: one of those listed is enough."""

    any: Mapping[str, tuple[str, ...]]
    brief: str
    text: str

    def found_in(self, answers: Mapping[str, str]) -> tuple[str, ...]:
        """Return the questions whose answers speak of it."""
        return tuple(q for q, choices in self.any.items() if answers.get(q) in choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplicationRule(Rule):
    """Answers that imply values of options together, where none of them does alone."""

    implies: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRule(Rule):
    """Answers that make some values of an option worth a thought, and why; they imply none."""

    option: str
    values: tuple[str, ...]
    claims: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """A value that an option takes because of answers: question id to choice id."""

    value: Any
    answers: Mapping[str, str]

    @property
    def text(self) -> str:
        """Why the option has the value, as the end of a sentence."""
        given = (f"{choice} to `{question}`" for question, choice in self.answers.items())
        return f"because you answered {' and '.join(given)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """All that a recommendation rests on, as read from `questions.toml`.

    Two frameworks are compared, no more and no fewer: an answer speaks for the one, for the other
    or for neither, and the score is the distance between them.

    Attributes:
        article: The title of what it all rests on.
        frameworks: Id to shown name of the two; a score above zero speaks for the first.
        contradictions: Answers that nobody gives together.
        judgements: What weighs in a near tie; the first that applies, and one always does.
        blind_distance: The least distance that is a lean without any deciding answer.
        blind_share: How much of the weight of the other questions has to be answered for it.
    """

    article: str

    questions: tuple[Question, ...]
    claims: Mapping[str, Claim]
    frameworks: Mapping[str, str]
    comparison: tuple[Aspect, ...]
    silent_on: tuple[str, ...]
    sections: Mapping[str, str]
    tensions: tuple[TensionRule, ...]
    contradictions: tuple[Rule, ...]
    caveats: tuple[CaveatRule, ...]
    judgements: tuple[JudgementRule, ...]
    implications: tuple[ImplicationRule, ...]
    offers: tuple[OfferRule, ...]
    deciding: tuple[str, ...]
    lean: int
    strong: int
    blind_distance: int
    blind_share: float
    weight: int = field(init=False)
    """The weight of all questions together."""
    blind_weight: int = field(init=False)
    """The weight of all questions but the deciding ones."""

    @property
    def sides(self) -> tuple[str, str]:
        """The ids of the two frameworks: a score above zero speaks for the first."""
        first, second = self.frameworks
        return first, second

    def __post_init__(self) -> None:
        """Reckon the weights once: every verdict compares with one of them."""
        weights = {question.id: question.weight for question in self.questions}
        blind = sum(weight for name, weight in weights.items() if name not in self.deciding)
        object.__setattr__(self, "weight", sum(weights.values()))
        object.__setattr__(self, "blind_weight", blind)

    def question(self, question_id: str) -> Question:
        """Return the question of that id, or raise `AnswerError` with the nearest ones."""
        for question in self.questions:
            if question.id == question_id:
                return question
        ids = [question.id for question in self.questions]
        raise AnswerError(
            f"There is no question {quoted(question_id)}.{_nearest(question_id, ids)} "
            f"The questions are: {', '.join(ids)}."
        )

    def section(self, claim_id: str) -> str:
        """Return the main section of a claim as people read it: its number and its title."""
        section = self.claims[claim_id].sections[0]
        return f"{section} ({self.sections[section]})"

    def check(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """Return the answers in the order of the questions, `dont-know` among them.

        Raises:
            AnswerError: For the first unknown question or choice, with the nearest valid ones.
        """
        # Values come from files of other people: nothing about their types holds yet.
        pairs: Any = answers
        if not isinstance(pairs, Mapping):
            raise AnswerError(
                f"Answers must be pairs of a question and a choice, not {quoted(pairs)}."
            )
        checked = {}
        for question_id, value in pairs.items():
            question = self.question(question_id)
            choice_id = _BOOLEANS[value] if isinstance(value, bool) else value
            passed = choice_id == DONT_KNOW
            checked[question.id] = DONT_KNOW if passed else question.choice(choice_id).id
        return {q.id: checked[q.id] for q in self.questions if q.id in checked}

    def answered(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """Return what `check` does, without the questions that were passed by a `dont-know`.

        Raises:
            AnswerError: As `check` does.
        """
        return {q: choice for q, choice in self.check(answers).items() if choice != DONT_KNOW}

    def weight_of(self, question_ids: Iterable[str]) -> int:
        """Return how much these questions weigh together."""
        return sum(self.question(question_id).weight for question_id in question_ids)

    def implied(self, answers: Mapping[str, Any]) -> dict[str, Implied]:
        """Return the value that the answers imply for an option, by option id.

        Whether a value fits the other options is not known here.

        Raises:
            AnswerError: As `check` does.
        """
        given = self.answered(answers)
        found = [
            ({question: choice}, self.question(question).choice(choice).implies)
            for question, choice in given.items()
        ]
        found += [
            ({question: given[question] for question in rule.when}, rule.implies)
            for rule in self.implications
            if rule.applies_to(given)
        ]
        return {
            option: Implied(value=value, answers=because)
            for because, implies in found
            for option, value in implies.items()
        }


def _nearest(value: object, ids: Iterable[str]) -> str:
    """Return the words that point to the ids most like the value; empty where none is."""
    if value is None:
        return ""
    near = difflib.get_close_matches(str(value)[:LONGEST_SHOWN].lower(), ids, cutoff=0.5)
    return f" Did you mean {' or '.join(f'`{match}`' for match in near)}?" if near else ""
