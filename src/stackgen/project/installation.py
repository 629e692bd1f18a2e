"""What this installation asks and offers: the questionnaire and the options, which must fit."""

from __future__ import annotations

from typing import NamedTuple

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.questionnaire import Questionnaire
from stackgen.errors import OptionError, QuestionnaireError
from stackgen.template import source
from stackgen.template.frameworks import check_frameworks
from stackgen.template.loading import load_options
from stackgen.template.options import Options


class Installation(NamedTuple):
    """A questionnaire and the options that its answers speak for."""

    questionnaire: Questionnaire
    options: Options


def load_installation() -> Installation:
    """Read both, and refuse what does not fit: the one way to them for a face.

    Raises:
        QuestionnaireError: `questions.toml` is malformed, or names other frameworks or options
            than `copier.yml` does.
        SourceError: There is no template, it is malformed, or it cannot render a framework.
    """
    questionnaire = load_questionnaire()
    options = load_options(source.template_root())
    _check_names(questionnaire, options)
    _check_values(questionnaire, options)
    check_frameworks(options)
    return Installation(questionnaire, options)


def _check_names(questionnaire: Questionnaire, options: Options) -> None:
    named, offered = questionnaire.frameworks, options.frameworks
    for framework in offered:
        if framework not in named:
            raise _unfit(
                f"`copier.yml` offers the framework `{framework}`, which has no name under "
                "`[frameworks]`. Two are compared."
            )
    for framework in named:
        if framework not in offered:
            raise _unfit(
                f"`[frameworks]` names `{framework}`, which is not a choice of `framework` in "
                "`copier.yml`."
            )


def _check_values(questionnaire: Questionnaire, options: Options) -> None:
    named = [
        (f"question `{question.id}`, choice `{choice.id}`, implies", choice.implies)
        for question in questionnaire.questions
        for choice in question.choices
    ]
    for number, rule in enumerate(questionnaire.implications, start=1):
        named.append((f"implication {number}, implies", rule.implies))
    for number, offer in enumerate(questionnaire.offers, start=1):
        named += [(f"offer {number}", {offer.option: value}) for value in offer.values]
    for where, values in named:
        try:
            options.parse(values)
        except OptionError as error:
            raise _unfit(f"{where}: {error}") from error


def _unfit(what: str) -> QuestionnaireError:
    return QuestionnaireError(
        f"The questionnaire `questions.toml` does not fit the template: {what} "
        "Install stackgen again."
    )
