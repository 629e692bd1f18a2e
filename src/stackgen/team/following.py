"""A project that follows a standard: made with it, brought on, and held to its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen.advice.loading import load_questionnaire
from stackgen.errors import OptionError, StandardError
from stackgen.project import standard_record
from stackgen.project.bound import Bound, check_bounds
from stackgen.project.exceptions import read_exceptions
from stackgen.project.installation import Installation
from stackgen.project.preset import Preset
from stackgen.project.standard_record import RecordedStandard
from stackgen.team.edition import Edition
from stackgen.team.fitting import fit_standard
from stackgen.team.jinja import Jinja
from stackgen.team.overlay import lay_over
from stackgen.template.options import Options


def follow(
    edition: Edition,
    project: Path,
    values: Mapping[str, Any],
    *,
    options: Options,
    jinja: Jinja,
) -> None:
    """Make a rendered project follow a standard: its overlay is laid over, and it is recorded.

    Args:
        edition: The standard.
        project: The rendered project, with its answers file.
        values: The values that it was rendered with.
        options: The options of the version of the template that it was rendered from.
        jinja: What renders the overlay's own files.

    Raises:
        StandardError: The overlay cannot be laid over it.
        RenderError: A file cannot be written.
    """
    lay_over(edition, project, values, options=options, jinja=jinja)
    if edition.recorded:
        standard_record.write(project, edition.recorded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The standards of one update: the one that a project follows, and the one that it will.

    Attributes:
        before: The former; or none.
        after: The latter; or none.
    """

    before: Edition | None = None
    after: Edition | None = None

    @property
    def recorded_before(self) -> RecordedStandard | None:
        """What the project records."""
        return self.before.recorded if self.before else None

    @property
    def recorded_after(self) -> RecordedStandard | None:
        """What it will record."""
        return self.after.recorded if self.after else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know besides, a sentence each."""
        return self.after.warnings if self.after else ()

    @property
    def changes(self) -> bool:
        """Whether the two differ."""
        return self.recorded_before != self.recorded_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a standard means for the options of a project that is there.

    Attributes:
        options: Values that the project must take on: option id to value.
        wishes: Values of options that it does not record yet.
        words: Of the former, on whose word: option id to a line.
    """

    options: Mapping[str, Any]
    wishes: Mapping[str, Any]
    words: Mapping[str, str]


NOTHING_HELD = Held(options={}, wishes={}, words={})
"""What no standard means."""


def hold(
    edition: Edition,
    project: Path,
    kept: Mapping[str, Any],
    changes: Mapping[str, Any],
    options: Options,
) -> Held:
    """Hold the options of a project against a standard.

    Args:
        edition: The standard.
        project: The project; exceptions that it declares and that have not run out are honoured.
        kept: What it records: option id to value.
        changes: What a person wants to change.
        options: The options of the version of the template that comes.

    Raises:
        StandardError: The change is one that the standard does not allow, or it does not fit.
        ProjectError: The exceptions cannot be read.
    """
    preset = fit_standard(edition, Installation(load_questionnaire(), options))
    excepted = {each.rule for each in read_exceptions(project) if not each.is_over}
    framework = str(kept.get("framework", ""))
    bounds = {
        name: bound
        for name, bound in preset.bounds.items()
        if f"options.{name}" not in excepted
        and name != "framework"  # That of a project never changes: an audit tells.
        and options.is_open(name, framework)
    }
    check_bounds(bounds, changes)
    forced = _forced(bounds, preset, kept, changes)
    return Held(
        options=forced,
        wishes={n: v for n, v in preset.options.items() if n not in kept and n != "framework"},
        words={name: bounds[name].words for name in forced},
    )


def _forced(
    bounds: Mapping[str, Bound],
    preset: Preset,
    kept: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the values that take the place of recorded ones, or of none where one is locked."""
    forced = {}
    for name, bound in bounds.items():
        if name in changes:
            continue
        if name in kept and bound.refusal(name, kept[name]):
            forced[name] = preset.options[name]
        elif name not in kept and bound.locked:
            forced[name] = bound.allowed[0]
    return forced


def cannot_hold(error: OptionError, edition: Edition, held: Held) -> StandardError:
    """Return the error of a value that a standard wants and that the project cannot have."""
    names = ", ".join(f"`{name}`" for name in held.options)
    return StandardError(
        f"The standard `{edition.standard.name}` sets {names}, and the project cannot have that: "
        f"{error} Or declare an exception from it in its `pyproject.toml`."
    )
