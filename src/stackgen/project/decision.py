"""What was decided: the framework, on whose word, and a value for every option."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from stackgen.advice.precedents import load_precedents
from stackgen.advice.questionnaire import Implied, Questionnaire
from stackgen.advice.recommendation import Recommendation, recommend
from stackgen.errors import AnswerError, OptionError
from stackgen.project.bound import Bound, check_bounds
from stackgen.project.preset import Preset
from stackgen.template.options import Options, Resolved

By = Literal["answers", "person", "standard", "default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRecommendation(Recommendation):
    """A recommendation as a project keeps it: with what became of it."""

    overruled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A framework and the options that go with it.

    Attributes:
        framework: The framework that is taken.
        framework_name: Its name as people write it.
        by: Whether the answers called for it, a person named it, a standard has it so, or it is
            the default.
        recommendation: What the answers called for.
        resolved: A value for every option.
        implied: What the answers imply for options, whether it holds or not.
    """

    framework: str
    framework_name: str
    by: By
    recommendation: Recommendation
    resolved: Resolved
    implied: Mapping[str, Implied]


def decide(  # noqa: PLR0913 - each is something else
    answers: Mapping[str, str],
    chosen: Mapping[str, Any],
    *,
    questionnaire: Questionnaire,
    options: Options,
    defaults: Mapping[str, Any],
    presets: Sequence[Preset] = (),
    bounds: Mapping[str, Bound] | None = None,
    take_default: bool = False,
) -> Decision:
    """Decide on a framework, and resolve every option for it.

    Args:
        answers: Question id to choice id; `dont-know` passes a question.
        chosen: Options that were set; `framework` among them overrules the answers.
        questionnaire: The questions.
        options: The options of the template.
        defaults: Defaults of this run, such as the project's name.
        presets: What counts for options that are not set.
        bounds: What a standard lets options be.
        take_default: Take the default framework where the answers do not decide.

    Raises:
        AnswerError: The answers are wrong, or do not decide and no default was to be taken.
        OptionError: A value is not allowed.
        StandardError: A value that the standard does not allow.
    """
    bounds = bounds or {}
    recommendation = recommend(answers, questionnaire, load_precedents())
    framework, by = _framework(
        recommendation, chosen, options, bounds.get("framework"), take_default=take_default
    )
    implied = questionnaire.implied(recommendation.answers)
    locked = _locked(bounds, framework, options, chosen)
    try:
        resolved = options.resolve(
            {**locked, **chosen, "framework": framework},
            implied={name: entry.value for name, entry in implied.items()},
            presets={each.origin: each.options_for(framework, options) for each in presets},
            defaults={**defaults, "recommendation": record(recommendation, framework)},
        )
    except OptionError as error:
        words = [
            f"`{name}` is set by {bounds[name].words}."
            for name in locked
            if f"`{name}`" in str(error)
        ]
        if not words:
            raise
        raise OptionError(" ".join([str(error), *words]), remedy=error.remedy) from error
    check_bounds(_open(bounds, framework, options), resolved.values)
    resolved = dataclasses.replace(
        resolved, origins={**resolved.origins, **dict.fromkeys(locked, "standard")}
    )
    return Decision(
        framework=framework,
        framework_name=questionnaire.frameworks.get(framework, framework),
        by=by,
        recommendation=recommendation,
        resolved=resolved,
        implied=implied,
    )


def _framework(
    recommendation: Recommendation,
    chosen: Mapping[str, Any],
    options: Options,
    bound: Bound | None,
    *,
    take_default: bool,
) -> tuple[str, By]:
    if bound and bound.locked:
        return str(bound.allowed[0]), "standard"
    if "framework" in chosen:
        return chosen["framework"], "person"
    if recommendation.framework:
        return recommendation.framework, "answers"
    if take_default:
        return options.default_framework, "default"
    if not recommendation.answers:
        raise AnswerError("Nothing says which framework to use.", remedy="framework")
    missing = [q for q in recommendation.unanswered if q not in recommendation.passed]
    raise AnswerError(
        "The answers do not decide between the frameworks. "
        f"Not answered: {', '.join(missing) or 'none'}.",
        remedy="framework",
    )


def _open(bounds: Mapping[str, Bound], framework: str, options: Options) -> dict[str, Bound]:
    """Return the bounds of options that a framework leaves open."""
    return {name: each for name, each in bounds.items() if options.is_open(name, framework)}


def _locked(
    bounds: Mapping[str, Bound], framework: str, options: Options, chosen: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values that a standard locks and that nobody has given as well."""
    return {
        name: each.allowed[0]
        for name, each in _open(bounds, framework, options).items()
        if each.locked and name not in chosen
    }


def record(recommendation: Recommendation, framework: str) -> dict[str, Any] | None:
    """Return what a project keeps of a recommendation; nothing where nothing was answered.

    Args:
        recommendation: The recommendation.
        framework: The framework that was taken.
    """
    if not recommendation.answers:
        return None
    fields = {
        each.name: getattr(recommendation, each.name) for each in dataclasses.fields(recommendation)
    }
    overruled = recommendation.framework not in {None, framework}
    return RecordedRecommendation(**fields, overruled=overruled).as_dict()
