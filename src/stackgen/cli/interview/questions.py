"""The decision questions, one after the other, with a way back and an offer to stop."""

from __future__ import annotations

from collections.abc import Mapping

from stackgen.advice.questionnaire import DONT_KNOW, Question, Questionnaire
from stackgen.advice.scoring import settled
from stackgen.cli.console import say, wrap
from stackgen.cli.interview.prompts import BACK, Prompt, Terminal
from stackgen.text.asking import passed_text, stop_text

_SECTION = "Needs"

ALWAYS_ASKED = 6
"""How many of the first questions are asked before an offer to stop: they carry most weight."""


def begin(questionnaire: Questionnaire) -> None:
    """Say what is asked, and what it rests on."""
    say(
        wrap(
            f'The questions are those that the article "{questionnaire.article}" turns on. '
            "Answer what you know; Enter takes the choice that is marked."
        )
    )


def show_answers(questions: QuestionRound) -> None:
    """Leave the answers on the screen, from which the questions have gone."""
    for line in questions.lines:
        say(wrap(line, "  ", "    "))


class QuestionRound:
    """Asks what nothing answers yet; who comes back later finds every answer as it was left."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[str, str],
        terminal: Terminal,
        *,
        ask_all: bool = False,
        marked: Mapping[str, str] | None = None,
    ) -> None:
        """Begin before the first question.

        Args:
            questionnaire: The questions, in the order to ask.
            answers: Answers that are known before; they are not asked again.
            terminal: Where to ask.
            ask_all: Ask every question, without an offer to stop.
            marked: The choice that is marked before a question is answered; it is "don't know"
                where there is none.
        """
        self._questionnaire = questionnaire
        self._answers = answers
        self._terminal = terminal
        self._questions = [q for q in questionnaire.questions if q.id not in answers]
        always = {question.id for question in questionnaire.questions[:ALWAYS_ASKED]}
        self._first_to_offer = sum(question.id in always for question in self._questions)
        self._offers = not ask_all
        self._declined = False
        self._chosen: dict[str, str] = {}
        self._marked = marked or {}
        self._place = 0

    @property
    def has_questions(self) -> bool:
        """Whether there is anything to ask, and so to go back to."""
        return bool(self._questions)

    @property
    def lines(self) -> list[str]:
        """What was answered, a line a question, as far as the round stands."""
        return [
            f"{question.text} {self._label(question)}"
            for question in self._questions[: self._place]
        ]

    def _label(self, question: Question) -> str:
        chosen = self._chosen.get(question.id, DONT_KNOW)
        return "Don't know" if chosen == DONT_KNOW else question.choice(chosen).label

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
        chosen = self._terminal.choose(
            Prompt(
                above=self.lines,
                note=self._note(),
                place=_SECTION,
                title=title,
                why=why,
                back=self._place > 0,
            ),
            [("stop", "Yes, show the recommendation"), ("on", f"No, ask the {others} too")],
            default="stop",
        )
        if chosen is BACK:
            self._place -= 1
        else:
            self._declined = chosen == "on"
        return chosen == "stop"

    def _note(self) -> str:
        """Return what it means that the question before this one was passed."""
        if not self._place:
            return ""
        question = self._questions[self._place - 1]
        if self._chosen.get(question.id) != DONT_KNOW:
            return ""
        known = self._known(self._questions[: self._place])
        return passed_text(question.id, known, self._questionnaire)

    def _ask_one(self, question: Question) -> None:
        most = len(self._questions)
        may_end = self._offers and not self._declined and self._place + 1 < most
        of = f"of at most {most}" if may_end else f"of {most}"
        chosen = self._terminal.choose(
            Prompt(
                above=self.lines,
                note=self._note(),
                title=question.text,
                place=f"{_SECTION}, {self._place + 1} {of}",
                why=question.help,
                back=self._place > 0,
            ),
            [
                *((choice.id, choice.label) for choice in question.choices),
                (DONT_KNOW, "Don't know"),
            ],
            default=self._chosen.get(question.id, self._marked.get(question.id, DONT_KNOW)),
        )
        if isinstance(chosen, str):
            self._chosen[question.id] = chosen
            self._place += 1
        else:
            self._place, self._declined = self._place - 1, False
