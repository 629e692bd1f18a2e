"""The decision questions, one after the other, with a way back and an offer to stop."""

from __future__ import annotations

from collections.abc import Mapping

from stackgen.advice.questionnaire import DONT_KNOW, Question, Questionnaire
from stackgen.advice.scoring import settled
from stackgen.cli.interview.prompts import BACK, Prompt, choose
from stackgen.text.asking import stop_text

ALWAYS_ASKED = 6
"""How many of the first questions are asked before an offer to stop: they carry most weight."""


class QuestionRound:
    """Asks what nothing answers yet; who comes back later finds every answer as it was left."""

    def __init__(
        self, questionnaire: Questionnaire, answers: Mapping[str, str], *, ask_all: bool = False
    ) -> None:
        """Begin before the first question.

        Args:
            questionnaire: The questions, in the order to ask.
            answers: Answers that are known before; they are not asked again.
            ask_all: Ask every question, without an offer to stop.
        """
        self._questionnaire = questionnaire
        self._answers = answers
        self._questions = [q for q in questionnaire.questions if q.id not in answers]
        always = {question.id for question in questionnaire.questions[:ALWAYS_ASKED]}
        self._first_to_offer = sum(question.id in always for question in self._questions)
        self._offers = not ask_all
        self._declined = False
        self._chosen: dict[str, str] = {}
        self._place = 0

    @property
    def has_questions(self) -> bool:
        """Whether there is anything to ask, and so to go back to."""
        return bool(self._questions)

    def ask(self) -> dict[str, str]:
        """Ask on from where the round stands, until all is answered or the person stops.

        Returns:
            All answers, those known before among them; `dont-know` for a question passed.
        """
        stopped = False
        while not stopped and self._place < len(self._questions):
            if self._may_stop():
                stopped = self._offer_to_stop()
            else:
                self._ask_one(self._questions[self._place])
        return self._known(self._questions)

    def ask_again(self) -> dict[str, str]:
        """Show what was asked last once more, and ask on from there; see `ask`."""
        if self._place == len(self._questions):
            self._place -= 1
        return self.ask()

    def _known(self, questions: list[Question]) -> dict[str, str]:
        chosen = {q.id: self._chosen[q.id] for q in questions if q.id in self._chosen}
        return {**self._answers, **chosen}

    def _may_stop(self) -> bool:
        asked = self._questions[: self._place]
        return (
            self._offers
            and not self._declined
            and self._place >= self._first_to_offer
            and settled(self._known(asked), self._questionnaire)
        )

    def _offer_to_stop(self) -> bool:
        left = len(self._questions) - self._place
        others = f"other {left} questions" if left > 1 else "last question"
        known = self._known(self._questions[: self._place])
        title, why = stop_text(known, self._questionnaire)
        chosen = choose(
            Prompt(title=title, why=why, back=self._place > 0),
            [("stop", "Yes, show the recommendation"), ("on", f"No, ask the {others} too")],
            default="stop",
        )
        if chosen is BACK:
            self._place -= 1
        else:
            self._declined = chosen == "on"
        return chosen == "stop"

    def _ask_one(self, question: Question) -> None:
        chosen = choose(
            Prompt(
                title=question.text,
                progress=f"{self._place + 1} of {len(self._questions)}",
                why=question.help,
                back=self._place > 0,
            ),
            [
                *((choice.id, choice.label) for choice in question.choices),
                (DONT_KNOW, "Don't know"),
            ],
            default=self._chosen.get(question.id, DONT_KNOW),
        )
        if isinstance(chosen, str):
            self._chosen[question.id] = chosen
            self._place += 1
        else:
            self._place, self._declined = self._place - 1, False
