"""The interview: needs first, then the recommendation, then the options, then one confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stackgen.cli.console import say, width, wrap
from stackgen.cli.interview.prompts import BACK, Prompt, Step, choose, type_in
from stackgen.cli.interview.questions import QuestionRound
from stackgen.errors import OptionError, StackgenError
from stackgen.project.decision import Decision
from stackgen.project.request import Request
from stackgen.template.combinations import is_offered, offered
from stackgen.template.option import Option, shown
from stackgen.text.creation import dropped_lines, equivalent_command, option_rows
from stackgen.text.recommendation import recommendation_text


@dataclass(frozen=True, kw_only=True)
class Interview:
    """An interview that ends in a decision, or in nothing.

    Attributes:
        request: What is known before; none of it is asked again.
        command: The command that makes the project, without its flags.
        colour: Whether the terminal shows colours.
        ask_all: Ask every question, without an offer to stop.
    """

    request: Request
    command: str
    colour: bool
    ask_all: bool

    def run(self) -> Decision | None:
        """Ask until the person confirms or leaves.

        Returns:
            The decision, or nothing when the person chose not to make the project.

        Raises:
            OptionError: The options that are set are refused with every framework.
            KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
        """
        request = self.request
        request.refuse_impossible()
        say(wrap("Answer what you know; Enter takes the choice that is marked."))
        say()
        questions = QuestionRound(request.questionnaire, request.answers, ask_all=self.ask_all)
        answers = questions.ask()
        while True:
            request = request.with_answers(answers)
            text = recommendation_text(
                request.recommendation, request.questionnaire, width=width(), colour=self.colour
            )
            say(f"\n{text}")
            decided = self._decide(request, back=questions.has_questions)
            if not isinstance(decided, Step):
                return decided
            answers = questions.ask_again()

    def _decide(self, request: Request, *, back: bool) -> Decision | Step | None:
        while True:
            framework = _choose_framework(request, back=back)
            if isinstance(framework, Step):
                return framework
            overrules = framework != request.recommendation.framework
            try:
                decided = self._choose_options(
                    request.with_options({"framework": framework}) if overrules else request
                )
            except OptionError as error:  # What flags set may fit another framework only.
                say(wrap(str(error), "  "))
                continue
            if not isinstance(decided, Step):
                return decided

    def _choose_options(self, request: Request) -> Decision | Step | None:
        while True:
            decision = request.decide(take_default=True)
            self._show(decision, request)
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
            request = _change(decision, request)

    def _show(self, decision: Decision, request: Request) -> None:
        say()
        say(f"The project, {decision.framework_name}:")
        for name, value, origin in option_rows(decision, request):
            say(wrap(f"{value or '-'}  ({origin})", f"  {name:<14}", " " * 16))
        for line in dropped_lines(decision):
            say(wrap(line, "  "))
        say()
        # One line, however long: the terminal folds it, and it is copied whole.
        say("The same without questions:")
        say(f"  {equivalent_command(self.command, decision, request.options)}")
        say()


def _choose_framework(request: Request, *, back: bool) -> str | Step:
    recommended, names = request.recommendation.framework, request.questionnaire.frameworks
    best = recommended or request.template.default_framework
    others = [framework for framework in request.template.frameworks if framework != best]
    why = (
        "You may overrule it; the project then records that you did."
        if recommended
        else "The answers do not decide, so the default is offered first."
    )
    first = f"Take {names[best]}" + (", as recommended" if recommended else "")
    return choose(
        Prompt(title="Which framework?", why=why, back=back),
        [(best, first), *((other, f"Take {names[other]} instead") for other in others)],
        default=best,
    )


def _change(decision: Decision, request: Request) -> Request:
    """Ask for one option and its new value; ask again where it is refused."""
    values, template = decision.resolved.values, request.template
    choices = offered(template, decision.framework)
    open_to_change = [
        name
        for name, option in template.settable.items()
        if name != "framework"
        and is_offered(option, choices)
        and template.is_open(name, decision.framework)
    ]
    default = open_to_change[0]
    while True:
        name = choose(
            Prompt(title="Which option?", back=True),
            [(name, f"{name}: {shown(values[name])}") for name in open_to_change],
            default=default,
        )
        if isinstance(name, Step):
            return request
        default = name
        value = ask_option(template.settable[name], values[name], choices.get(name, ()))
        if isinstance(value, Step):
            continue
        try:
            changed = request.with_options({name: value})
            changed.decide(take_default=True)
        except StackgenError as error:
            say(wrap(str(error), "  "))
        else:
            return changed


def ask_option(
    option: Option, value: Any, words: Sequence[str], *, back: bool = True
) -> Any | Step:
    """Ask for the value of one option.

    Args:
        option: The option.
        value: The value that Enter takes.
        words: What there is to choose from; nothing where it takes any text.
        back: Whether there is something to go back to.
    """
    prompt = Prompt(title=option.help, back=back)
    if words:
        labels = option.choices or {"true": "Yes", "false": "No"}
        chosen = choose(prompt, [(word, labels[word]) for word in words], default=shown(value))
        return chosen if isinstance(chosen, Step) else option.parse(chosen)
    typed = type_in(prompt, str(value), option.parse)
    return typed if isinstance(typed, Step) else option.parse(typed)
