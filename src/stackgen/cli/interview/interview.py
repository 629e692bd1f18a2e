"""The interview: needs first, then the recommendation, then the options, then one confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stackgen.advice.questionnaire import Questionnaire
from stackgen.advice.recommendation import Recommendation, recommend
from stackgen.cli.console import say, width, wrap
from stackgen.cli.inputs import Given
from stackgen.cli.interview.prompts import BACK, Prompt, Step, choose, type_in
from stackgen.cli.interview.questions import QuestionRound
from stackgen.errors import OptionError, StackgenError
from stackgen.project.decision import Decision, decide
from stackgen.template.options import Option, Options, shown
from stackgen.text.creation import dropped_lines, equivalent_command, option_rows
from stackgen.text.recommendation import recommendation_text


@dataclass(frozen=True, kw_only=True)
class Interview:
    """An interview that ends in a decision, or in nothing.

    Attributes:
        questionnaire: The questions.
        options: The options of the template.
        given: What flags or a file gave; it is not asked again.
        defaults: Defaults of this run, such as the project's name.
        command: The command that makes the project, without its flags.
        colour: Whether the terminal shows colours.
        ask_all: Ask every question, without an offer to stop.
        check_name: Called with another name for the project; a `StackgenError` asks again.
    """

    questionnaire: Questionnaire
    options: Options
    given: Given
    defaults: Mapping[str, Any]
    command: str
    colour: bool
    ask_all: bool
    check_name: Callable[[str], object]

    def run(self) -> Decision | None:
        """Ask until the person confirms or leaves.

        Returns:
            The decision, or nothing when the person chose not to make the project.

        Raises:
            OptionError: What was given is refused with every framework.
            KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
        """
        self._check_given()
        say(wrap("Answer what you know; Enter takes the choice that is marked."))
        say()
        asked = QuestionRound(self.questionnaire, self.given.answers, ask_all=self.ask_all)
        everything = asked.ask()
        while True:
            recommendation = recommend(everything, self.questionnaire)
            text = recommendation_text(
                recommendation, self.questionnaire, width=width(), colour=self.colour
            )
            say(f"\n{text}")
            decided = self._decide(everything, recommendation, back=asked.has_questions)
            if not isinstance(decided, Step):
                return decided
            everything = asked.ask_again()

    def skip(self, *, take_default: bool) -> Decision:
        """Ask nothing: decide on what was given; see `stackgen.project.decision.decide`.

        Args:
            take_default: Take the default framework where the answers do not decide.
        """
        return self._resolve(self.given.answers, self.given.options, take_default=take_default)

    def _resolve(
        self, answers: Mapping[str, str], given: Mapping[str, Any], *, take_default: bool
    ) -> Decision:
        return decide(
            answers,
            given,
            questionnaire=self.questionnaire,
            options=self.options,
            defaults=self.defaults,
            take_default=take_default,
        )

    def _check_given(self) -> None:
        """Refuse at once what no answer could save."""
        refusals = []
        for framework in self.options.frameworks:
            try:
                self.options.resolve(
                    {**self.given.options, "framework": framework}, defaults=self.defaults
                )
            except OptionError as error:
                refusals.append(error)
            else:
                return
        raise refusals[0]

    def _decide(
        self, answers: Mapping[str, str], recommendation: Recommendation, *, back: bool
    ) -> Decision | Step | None:
        while True:
            framework = self._choose_framework(recommendation, back=back)
            if isinstance(framework, Step):
                return framework
            overrules = framework != recommendation.framework
            given = dict(self.given.options) | ({"framework": framework} if overrules else {})
            try:
                decided = self._choose_options(answers, given)
            except OptionError as error:  # What flags set may fit another framework only.
                say(wrap(str(error), "  "))
                continue
            if not isinstance(decided, Step):
                return decided

    def _choose_framework(self, recommendation: Recommendation, *, back: bool) -> str | Step:
        best = recommendation.framework or self.options.default_framework
        names = self.questionnaire.frameworks
        others = [framework for framework in self.options.frameworks if framework != best]
        why = (
            "You may overrule it; the project then records that you did."
            if recommendation.framework
            else "The answers do not decide, so the default is offered first."
        )
        first = f"Take {names[best]}" + (", as recommended" if recommendation.framework else "")
        return choose(
            Prompt(title="Which framework?", why=why, back=back),
            [(best, first), *((other, f"Take {names[other]} instead") for other in others)],
            default=best,
        )

    def _choose_options(
        self, answers: Mapping[str, str], given: dict[str, Any]
    ) -> Decision | Step | None:
        while True:
            decision = self._resolve(answers, given, take_default=True)
            self._show(decision, given)
            chosen = choose(
                Prompt(title="Make the project?", back=True),
                [
                    ("make", "Yes, make it"),
                    ("change", "Change an option"),
                    ("leave", "No, leave without making anything"),
                ],
                default="make",
            )
            if chosen == "make":
                return decision
            if chosen == "leave":
                return None
            if chosen is BACK:
                return BACK
            given = self._change(decision, given)

    def _change(self, decision: Decision, given: dict[str, Any]) -> dict[str, Any]:
        """Ask for one option and its new value; ask again where it is refused."""
        values = decision.resolved.values
        open_to_change = [
            name
            for name in self.options.settable
            if name != "framework" and self.options.is_open(name, decision.framework)
        ]
        default = open_to_change[0]
        while True:
            name = choose(
                Prompt(title="Which option?", back=True),
                [(name, f"{name}: {shown(values[name])}") for name in open_to_change],
                default=default,
            )
            if isinstance(name, Step):
                return given
            value = ask_option(self.options.settable[name], values[name])
            if isinstance(value, Step):
                default = name
                continue
            changed = {**given, name: value}
            try:
                if name == "project_name":
                    self.check_name(value)
                everything = {**changed, "framework": decision.framework}
                self.options.resolve(everything, defaults=self.defaults)
            except StackgenError as error:
                say(wrap(str(error), "  "))
                default = name
            else:
                return changed

    def _show(self, decision: Decision, given: Mapping[str, Any]) -> None:
        say()
        say(f"The project, {decision.framework_name}:")
        for name, value, origin in option_rows(decision, self.options, self.defaults):
            say(wrap(f"{value or '-'}  ({origin})", f"  {name:<14}", " " * 16))
        for line in dropped_lines(decision):
            say(wrap(line, "  "))
        say()
        # One line, however long: the terminal folds it, and it is copied whole.
        say("The same without questions:")
        say(f"  {equivalent_command(self.command, decision, given)}")
        say()


def ask_option(option: Option, value: Any, *, back: bool = True) -> Any | Step:
    """Ask for the value of one option.

    Args:
        option: The option.
        value: The value that Enter takes.
        back: Whether there is something to go back to.
    """
    prompt = Prompt(title=option.help, back=back)
    if option.allowed:
        labels = option.choices or {"true": "Yes", "false": "No"}
        chosen = choose(prompt, list(labels.items()), default=shown(value))
        return chosen if isinstance(chosen, Step) else option.parse(chosen)
    typed = type_in(prompt, str(value), option.parse)
    return typed if isinstance(typed, Step) else option.parse(typed)
