"""The interview: needs first, then the recommendation, then the options on one screen."""

from __future__ import annotations

from dataclasses import dataclass

from stackgen.cli.console import say, wrap
from stackgen.cli.interview.options import OptionsForm
from stackgen.cli.interview.prompts import BACK, Prompt, Step, Terminal
from stackgen.cli.interview.questions import QuestionRound, begin, show_answers
from stackgen.errors import OptionError
from stackgen.project.decision import Decision
from stackgen.project.request import Request
from stackgen.text.creation import bound_lines
from stackgen.text.recommendation import recommendation_text, title_text
from stackgen.text.verdict import verdict_lines


@dataclass(frozen=True, kw_only=True)
class Interview:
    """An interview that ends in a decision.

    Attributes:
        request: What is known before; none of it is asked again.
        command: The command that makes the project, without its flags.
        ask_all: Ask every question, without an offer to stop.
        terminal: Where the person sits.
    """

    request: Request
    command: str
    ask_all: bool
    terminal: Terminal

    def run(self) -> Decision:
        """Ask until the person has the project made.

        Returns:
            The decision.

        Raises:
            OptionError: The options that are set are refused with every framework.
            KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
        """
        request = self.request
        if request.options:  # Defaults go together; to know that of others takes Jinja's import.
            request.refuse_impossible()
        begin(request.questionnaire)
        for line in bound_lines(request):
            say(wrap(line, "  ", "    "))
        questions = QuestionRound(
            request.offered_questions,
            request.answers,
            self.terminal,
            ask_all=self.ask_all,
            marked=request.marked,
        )
        answers = questions.ask()
        while True:
            form = self._decide(request.with_answers(answers), questions)
            if not isinstance(form, Step):
                break
            answers = questions.ask_again()
        show_answers(questions)
        say(wrap(_verdict_line(form.decision, request), "  ", "    "))
        say("\nThe same without questions:")
        # One line, however long: the terminal folds it, and it is copied whole.
        say(f"  {form.command}\n")
        return form.decision

    def _decide(self, request: Request, questions: QuestionRound) -> OptionsForm | Step:
        if len(request.frameworks) == 1:
            return self._take_the_only(request, questions)
        refusal = ""
        while True:
            framework = self._choose_framework(request, questions, refusal)
            if isinstance(framework, Step):
                return framework
            overrules = framework != request.recommendation.framework
            try:
                form = OptionsForm(
                    request.with_options({"framework": framework}) if overrules else request,
                    self.command,
                )
            except OptionError as error:  # What flags set may fit another framework only.
                refusal = str(error)
                continue
            if self.terminal.set_options(form) is not BACK:
                return form
            refusal = ""

    def _take_the_only(self, request: Request, questions: QuestionRound) -> OptionsForm | Step:
        """Let the options be set where a standard leaves one framework alone."""
        (framework,) = request.frameworks
        while True:
            form = OptionsForm(request.with_options({"framework": framework}), self.command)
            if self.terminal.set_options(form) is not BACK:
                return form
            if questions.has_questions:
                return BACK

    def _choose_framework(
        self, request: Request, questions: QuestionRound, refusal: str
    ) -> str | Step:
        recommendation, questionnaire = request.recommendation, request.questionnaire
        names = questionnaire.frameworks
        recommended = recommendation.framework
        best = recommended or request.template.default_framework
        others = [framework for framework in request.frameworks if framework != best]
        close = ", just ahead" if recommendation.band == "near-tie" else ", as recommended"
        first = f"Take {names[best]}" + (close if recommended else ", the default")
        return self.terminal.choose(
            Prompt(
                title=f"{refusal} Which framework?".lstrip(),
                back=questions.has_questions,
                above=questions.lines,
                panel=lambda columns, rows: verdict_lines(
                    recommendation, questionnaire, columns, rows
                ),
                everything=lambda columns: recommendation_text(
                    recommendation, questionnaire, width=columns
                ),
            ),
            [(best, first), *((other, f"Take {names[other]} instead") for other in others)],
            default=request.marked_framework,
        )


def _verdict_line(decision: Decision, request: Request) -> str:
    """Return what was recommended and what was taken, in a line that stays on the screen."""
    title = title_text(decision.recommendation, request.questionnaire)
    recommended = decision.recommendation.framework
    if recommended and recommended != decision.framework:
        return f"{title}. Taken instead: {decision.framework_name}"
    return f"{title}. Taken: {decision.framework_name}"
