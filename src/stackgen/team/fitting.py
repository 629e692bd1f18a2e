"""A standard held against the options and questions that there are: what it means for a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackgen.advice.questionnaire import DONT_KNOW
from stackgen.errors import AnswerError, OptionError, StandardError
from stackgen.project.bound import Bound
from stackgen.project.installation import Installation
from stackgen.project.preset import OF_EACH_PROJECT, Preset
from stackgen.team.edition import Edition
from stackgen.team.standard import Part, ValueRule
from stackgen.team.tree import COMMON, OVERLAY

_OF_NO_TEAM = OF_EACH_PROJECT - {"framework", "description"}


def fit_standard(edition: Edition, installation: Installation) -> Preset:
    """Return what a standard means for a new project.

    Args:
        edition: The standard.
        installation: The questions and options that there are.

    Raises:
        StandardError: It names an option, a question, a value or a framework that there is not.
    """
    standard = edition.standard
    frameworks = installation.options.frameworks
    for folder in sorted(edition.folders - {COMMON, *frameworks}):
        raise StandardError(
            f"`{OVERLAY}/{folder}` of the standard `{standard.name}` is for no framework that "
            f"there is. Folders: {', '.join((COMMON, *frameworks))}."
        )
    options = {
        name: _checked(rule, "options", edition, installation)
        for name, rule in standard.options.items()
    }
    answers = {
        name: _checked(rule, "answers", edition, installation)
        for name, rule in standard.answers.items()
    }
    return Preset(
        origin="standard",
        options={name: rule.default for name, rule in options.items()},
        answers={name: str(rule.default) for name, rule in answers.items()},
        bounds=_bounds(options, standard.name),
        answer_bounds=_bounds(answers, standard.name),
        counts_unasked=True,
        warnings=edition.warnings,
    )


def _bounds(rules: Mapping[str, ValueRule], name: str) -> dict[str, Bound]:
    return {
        id_: Bound(
            allowed=rule.bounds,
            standard=name,
            because=rule.reason.because,
            owner=rule.reason.owner,
            link=rule.reason.link,
        )
        for id_, rule in rules.items()
        if rule.bounds
    }


def _checked(
    rule: ValueRule, part: Part, edition: Edition, installation: Installation
) -> ValueRule:
    """Return a rule whose values are of the option's own type."""
    if part == "options" and rule.id in _OF_NO_TEAM:
        raise _unfit(edition, f"The option `{rule.id}` can only be set for one project.")

    def parse(value: Any) -> Any:
        try:
            if part == "options":
                return installation.options.parse({rule.id: value})[rule.id]
            found = installation.questionnaire.check({rule.id: value})[rule.id]
        except (OptionError, AnswerError) as error:
            raise _unfit(edition, str(error)) from error
        if found == DONT_KNOW:
            raise _unfit(edition, f"`{rule.id}` cannot be answered with `{DONT_KNOW}` for a team.")
        return found

    return ValueRule(
        id=rule.id,
        value=None if rule.value is None else parse(rule.value),
        allowed=tuple(map(parse, rule.allowed)),
        locked=rule.locked,
        until=rule.until,
        reason=rule.reason,
    )


def _unfit(edition: Edition, what: str) -> StandardError:
    return StandardError(
        f"The standard `{edition.standard.name}` does not fit this stackgen: {what}"
    )
