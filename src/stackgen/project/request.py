"""What is asked of a new project: raw inputs in, a decision out.

Every face fills a request and shows what comes back. Nothing here asks, prints, or knows how an
input was given.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen.advice.precedents import load_precedents
from stackgen.advice.questionnaire import DONT_KNOW, Questionnaire
from stackgen.advice.recommendation import Recommendation, recommend
from stackgen.errors import OptionError
from stackgen.project.answers_file import AnswersFile
from stackgen.project.bound import Bound, check_bounds
from stackgen.project.decision import Decision, decide
from stackgen.project.destination import absolute_path, check_destination, check_name
from stackgen.project.installation import load_installation
from stackgen.project.preset import Preset, answers_before
from stackgen.project.run_defaults import find_defaults
from stackgen.template.options import ORDER, Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A project that is asked for: each input is checked, and none yet together with the others.

    Attributes:
        destination: Where it goes; an absolute path.
        answers: Question id to choice id; `dont-know` for a question that was passed.
        options: Option id to value, of the options that were set.
        defaults: Defaults of this run, such as the project's name: option id to value.
        presets: What yields to all of these, the strongest first.
        from_file: The options that an answers file set.
        template: All options that there are.
        questionnaire: All questions that there are.
    """

    destination: Path
    answers: Mapping[str, str]
    options: Mapping[str, Any]
    defaults: Mapping[str, Any]
    template: Options
    questionnaire: Questionnaire
    presets: tuple[Preset, ...] = ()
    from_file: frozenset[str] = frozenset()

    @property
    def marked(self) -> Mapping[str, str]:
        """The choice to mark where a question is asked: question id to choice id."""
        return answers_before(self.presets, self.answers)

    @property
    def bounds(self) -> Mapping[str, Bound]:
        """What a standard lets options be: option id to bound."""
        return {name: each for preset in self.presets for name, each in preset.bounds.items()}

    @property
    def answer_bounds(self) -> Mapping[str, Bound]:
        """What a standard lets answers be: question id to bound."""
        return {n: each for preset in self.presets for n, each in preset.answer_bounds.items()}

    @property
    def offered_questions(self) -> Questionnaire:
        """The questions, with the choices that a standard allows."""
        bounds = self.answer_bounds
        questions = (
            dataclasses.replace(
                question,
                choices=tuple(
                    choice
                    for choice in question.choices
                    if question.id not in bounds or choice.id in bounds[question.id].allowed
                ),
            )
            for question in self.questionnaire.questions
        )
        if not bounds:
            return self.questionnaire
        return dataclasses.replace(self.questionnaire, questions=tuple(questions))

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The frameworks that there are to choose from."""
        bound = self.bounds.get("framework")
        return bound.allowed if bound else self.template.frameworks

    @property
    def marked_framework(self) -> str:
        """The framework to mark where it is asked for.

        That is what the answers speak for, or else the default; but what a person took before,
        against what their answers spoke for then, is marked again, and so is what they took before
        where the answers speak for neither.
        """
        recommended = self.recommendation.framework
        for preset in self.presets:
            if "framework" in preset.options:  # A standard is of no one project.
                return str(preset.options["framework"])
            if preset.framework is None:
                continue
            before = recommend(preset.answers, self.questionnaire).framework
            if recommended is None or before not in {None, preset.framework}:
                return preset.framework
        return recommended or self.template.default_framework

    def unasked(self) -> Request:
        """Return the request as it is where nobody is asked.

        The last interview counts like an answers file then. Answers that a person has configured
        for all projects never do: they were not given for this one.
        """
        counting = [preset for preset in self.presets if preset.counts_unasked]
        answers = self.questionnaire.check(answers_before(counting, self.answers))
        options = dict(self.options)
        for preset in counting:
            framework = preset.options.get("framework", preset.framework)
            if framework is not None:
                options.setdefault("framework", framework)
        return dataclasses.replace(self, answers=answers, options=options)

    @property
    def recommendation(self) -> Recommendation:
        """What the answers speak for."""
        return recommend(self.answers, self.questionnaire, load_precedents())

    def with_answers(self, answers: Mapping[str, Any]) -> Request:
        """Return the same request with these answers instead of its own.

        Raises:
            AnswerError: An unknown question or choice.
        """
        return dataclasses.replace(self, answers=self.questionnaire.check(answers))

    def with_options(self, options: Mapping[str, Any]) -> Request:
        """Return the same request with these options set besides its own.

        Raises:
            OptionError: An unknown option, or a value that is not allowed.
            StandardError: A value that the standard does not allow.
            DestinationError: The project cannot be called so.
        """
        parsed = self.template.parse(options)
        check_bounds(self.bounds, parsed)
        changed = {**self.options, **parsed}
        _check_name(changed, self.template)
        return dataclasses.replace(
            self, options=changed, from_file=self.from_file.difference(options)
        )

    def refuse_impossible(self) -> None:
        """Refuse options that no framework takes together.

        Raises:
            OptionError: What the first framework refuses.
        """
        refusals = []
        for framework in self.template.frameworks:
            try:
                self.template.resolve(
                    {**self.options, "framework": framework}, defaults=self.defaults
                )
            except OptionError as error:
                refusals.append(error)
            else:
                return
        raise refusals[0]

    def decide(self, *, take_default: bool = False) -> Decision:
        """Decide on a framework, and give every option its value.

        Args:
            take_default: Take the default framework where the answers do not decide.

        Raises:
            AnswerError: The answers do not decide, and no default was to be taken.
            OptionError: A value is not allowed together with the others.
            StandardError: A value that the standard does not allow.
        """
        return decide(
            self.answers,
            self.options,
            questionnaire=self.questionnaire,
            options=self.template,
            defaults=self.defaults,
            presets=self.presets,
            bounds=self.bounds,
            take_default=take_default,
        )


def request_project(
    destination: Path,
    *,
    answers: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    file: AnswersFile | None = None,
    defaults: Mapping[str, Any] | None = None,
    presets: Sequence[Preset] = (),
) -> Request:
    """Check what is asked of a new project, input by input.

    Nothing is written, but what a killed run left at the destination is put right.

    Args:
        destination: Where it goes; see `generate`.
        answers: Question id to choice id.
        options: Option id to value; `framework` among them overrules the answers.
        file: An answers file; answers and options from elsewhere go before its own.
        defaults: Defaults of this run, option id to value; unless they are named, the name of the
            destination, this year, and the author that git knows there.
        presets: What yields to all of these.

    Raises:
        AnswerError: An unknown question or choice.
        OptionError: An unknown option, or a value that is not allowed.
        StandardError: A value that the standard does not allow.
        DestinationError: The destination, or its name, cannot be used.
        ProjectError: Another run is at work there, or a file that a killed one left was edited.
    """
    questionnaire, template = load_installation()
    checked_answers, checked_options = check_inputs(
        answers or {}, options or {}, file, questionnaire=questionnaire, template=template
    )
    if os.path.isdir(absolute_path(destination)):  # noqa: PTH112 - it raises nothing
        from stackgen.project.filling import move_back  # A new place need not wait for it.

        move_back(absolute_path(destination))
    place = check_destination(destination)
    if "project_name" not in checked_options:
        check_name(place.name, template.frameworks)
    _check_name(checked_options, template)
    request = Request(
        destination=place,
        answers=checked_answers,
        options=checked_options,
        defaults=find_defaults(place, template) if defaults is None else template.parse(defaults),
        template=template,
        questionnaire=questionnaire,
        presets=tuple(sorted(presets, key=lambda preset: ORDER.index(preset.origin))),
        from_file=frozenset(checked_options).difference(options or {}),
    )
    return _within_bounds(request)


def _within_bounds(request: Request) -> Request:
    """Refuse what was given against a standard, let wishes against it go, and answer for it."""
    bounds, answer_bounds = request.bounds, request.answer_bounds
    check_bounds(bounds, request.options)
    answers = {name: each for name, each in request.answers.items() if each != DONT_KNOW}
    check_bounds(answer_bounds, answers)
    locked = {name: each.allowed[0] for name, each in answer_bounds.items() if each.locked}
    return dataclasses.replace(
        request,
        answers={**request.answers, **locked},
        presets=tuple(preset.within(bounds, answer_bounds) for preset in request.presets),
    )


def check_inputs(
    answers: Mapping[str, Any],
    options: Mapping[str, Any],
    file: AnswersFile | None,
    *,
    questionnaire: Questionnaire,
    template: Options,
) -> tuple[dict[str, str], dict[str, Any]]:
    """Check answers and options one by one, and put them before those of a file.

    Args:
        answers: Question id to choice id.
        options: Option id to value.
        file: An answers file. Where it is a project's record, and another framework is among the
            options, those of its own that mean something else there are left out.
        questionnaire: All questions that there are.
        template: All options that there are.

    Raises:
        AnswerError: An unknown question or choice.
        OptionError: An unknown option, or a value that is not allowed.
    """
    file, checked = file or AnswersFile(), template.parse(options)
    carried = file.options
    if file.of_project and "framework" in checked:
        carried = template.carried_over(carried, checked["framework"])
    return (
        questionnaire.check({**file.answers, **answers}),
        {**template.parse(carried), **checked},
    )


def _check_name(options: Mapping[str, Any], template: Options) -> None:
    if "project_name" in options:
        check_name(options["project_name"], template.frameworks)
