"""The interview: needs first, then the recommendation, then the options, then one confirmation."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stackgen.decision import Decision, decide
from stackgen.errors import OptionError
from stackgen.options import Option, Options, shown
from stackgen.prompts import BACK, Prompt, Step, choose, say, type_in, width, wrap
from stackgen.questions import DONT_KNOW, Questionnaire
from stackgen.recommendation import Recommendation, recommend, settled
from stackgen.report import recommendation_text

ALWAYS_ASKED = 6
"""How many of the first questions are asked before an offer to stop: they carry most weight."""


def ask_questions(
    questionnaire: Questionnaire,
    given: Mapping[str, str],
    *,
    ask_all: bool = False,
    resume: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Ask the decision questions that nothing answers yet.

    Args:
        questionnaire: The questions, in the order to ask.
        given: Answers that flags or a file gave; they are not asked again.
        ask_all: Ask every question, without an offer to stop.
        resume: Answers of an earlier round, to begin at the last of its questions.

    Returns:
        All answers, those given among them; a question not answered is left out.
    """
    questions = [question for question in questionnaire.questions if question.id not in given]
    answers: dict[str, str] = dict(resume or {})
    place = len(questions) - 1 if resume is not None else 0
    offered = False
    while place < len(questions):
        known = {**given, **_answered(answers)}
        if not (ask_all or offered) and place >= ALWAYS_ASKED and settled(known, questionnaire):
            offered = True
            if (stop := _offer_to_stop(len(questions) - place)) is True:
                break
            if stop is BACK:
                place -= 1
                continue
        question = questions[place]
        chosen = choose(
            Prompt(
                title=question.text,
                progress=f"{place + 1} of {len(questions)}",
                why=question.help,
                back=place > 0,
            ),
            [
                *((choice.id, choice.label) for choice in question.choices),
                (DONT_KNOW, "Don't know"),
            ],
            default=answers.get(question.id, DONT_KNOW),
        )
        if chosen is BACK:
            place, offered = place - 1, False
            continue
        answers[question.id] = str(chosen)
        place += 1
    return {**given, **_answered(answers)}


def _answered(answers: Mapping[str, str]) -> dict[str, str]:
    return {question: choice for question, choice in answers.items() if choice != DONT_KNOW}


def _offer_to_stop(left: int) -> bool | Step:
    chosen = choose(
        Prompt(
            title="No answer still missing can change the framework. Stop here?",
            why=f"The other {left} questions could still make the recommendation stronger or "
            "weaker, and its reasons more complete.",
            back=True,
        ),
        [("stop", "Yes, show the recommendation"), ("on", f"No, ask the other {left} too")],
        default="stop",
    )
    return chosen if isinstance(chosen, Step) else chosen == "stop"


# Where a default comes from when this run, and not the template, knows it.
RUN_DEFAULTS = {
    "project_name": "from the path",
    "author_name": "from git",
    "author_email": "from git",
    "year": "today",
}


@dataclass(frozen=True, kw_only=True)
class Interview:
    """An interview that ends in a decision, or in nothing.

    Attributes:
        questionnaire: The questions.
        options: The options of the template.
        given: Options that flags or a file set.
        defaults: Defaults of this run, such as the project's name.
        command: The command that makes the project, without its flags.
        colour: Whether the terminal shows colours.
        ask_all: Ask every question, without an offer to stop.
        check: Called with changed options; an `OptionError` asks again.
    """

    questionnaire: Questionnaire
    options: Options
    given: Mapping[str, Any]
    defaults: Mapping[str, Any]
    command: str
    colour: bool
    ask_all: bool
    check: Callable[[Mapping[str, Any]], object]

    def run(self, answers: Mapping[str, str]) -> Decision | None:
        """Ask until the person confirms or leaves.

        Args:
            answers: Answers that flags or a file gave.

        Returns:
            The decision, or nothing when the person chose not to make the project.
        """
        say(wrap("Answer what you know; Enter takes the choice that is marked."))
        say()
        resume: Mapping[str, str] | None = None
        while True:
            everything = ask_questions(
                self.questionnaire, answers, ask_all=self.ask_all, resume=resume
            )
            recommendation = recommend(everything, self.questionnaire)
            say()
            columns, colour = width(), self.colour
            say(
                recommendation_text(
                    recommendation, self.questionnaire, width=columns, colour=colour
                )
            )
            given = dict(self.given)
            framework = self._choose_framework(recommendation)
            if not isinstance(framework, Step):
                if framework != recommendation.framework:
                    given["framework"] = framework
                decided = self._choose_options(everything, given)
                if not isinstance(decided, Step):
                    return decided
            resume = {name: choice for name, choice in everything.items() if name not in answers}

    def _choose_framework(self, recommendation: Recommendation) -> str | Step:
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
            Prompt(title="Which framework?", why=why, back=True),
            [(best, first), *((other, f"Take {names[other]} instead") for other in others)],
            default=best,
        )

    def _choose_options(
        self, answers: Mapping[str, str], given: dict[str, Any]
    ) -> Decision | Step | None:
        while True:
            decision = decide(
                answers,
                given,
                questionnaire=self.questionnaire,
                options=self.options,
                defaults=self.defaults,
                take_default=True,
            )
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
        values = decision.resolved.values
        settable = {n: o for n, o in self.options.settable.items() if n != "framework"}
        name = choose(
            Prompt(title="Which option?", back=True),
            [(name, f"{name}: {shown(values[name])}") for name in settable],
            default=next(iter(settable)),
        )
        if isinstance(name, Step):
            return given
        value = ask_option(settable[name], values[name])
        if isinstance(value, Step):
            return given
        changed = {**given, name: value}
        try:
            self.check(changed)
            self.options.resolve(
                {**changed, "framework": decision.framework}, defaults=self.defaults
            )
        except OptionError as error:
            say(wrap(str(error), "  "))
            say()
            return given
        return changed

    def _show(self, decision: Decision, given: Mapping[str, Any]) -> None:
        say()
        say(f"The project, {self.questionnaire.frameworks[decision.framework]}:")
        for name in self.options.settable:
            if name != "framework":
                value = shown(decision.resolved.values[name]) or "-"
                say(wrap(f"{name:<14}{value}  ({self._origin(name, decision)})", "  ", " " * 16))
        for line in dropped_lines(decision):
            say(wrap(line, "  "))
        say()
        say("The same without questions:")
        say(f"  {equivalent_command(self.command, decision, given)}")
        say()

    def _origin(self, name: str, decision: Decision) -> str:
        origin = decision.resolved.origins[name]
        if origin == "given":
            return "you"
        if origin == "implied":
            return decision.implied[name].text
        return RUN_DEFAULTS[name] if name in self.defaults else "default"


def dropped_lines(decision: Decision) -> list[str]:
    """What the answers asked for and did not get, and why."""
    return [
        f"`{name}` stays {shown(decision.resolved.values[name])} although you answered "
        f"{decision.implied[name].choice} to `{decision.implied[name].question}`: {reason}"
        for name, reason in decision.resolved.dropped.items()
    ]


def equivalent_command(command: str, decision: Decision, given: Mapping[str, Any]) -> str:
    """The command that makes the same project and asks nothing, ready to paste."""
    words = [command, "--framework", decision.framework]
    for question, choice in decision.recommendation.answers.items():
        words += ["--answer", f"{question}={choice}"]
    for name, value in given.items():
        if name != "framework":
            words += ["--set", shlex.quote(f"{name}={shown(value)}")]
    return " ".join(words)


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
