"""The state of many projects: one after another for whoever reads, several at once in fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from stackgen import git
from stackgen.fleet.forecast import Forecast, forecast
from stackgen.project.drift import Drift, compared, explained
from stackgen.project.folder import absolute
from stackgen.project.several import look_at
from stackgen.team.kept import Kept
from stackgen.team.rules import Result
from stackgen.template import source
from stackgen.template.renders import Renders
from stackgen.template.source import Source

Only = Literal["behind", "drifted", "conflicting", "failing"]
"""Which projects are wanted."""

_PATIENCE = 120
"""Seconds for a single call of git, which a repository can make wait for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A project, and how it stands to the template.

    Attributes:
        drift: How far it lags, and what was changed in it.
        forecast: How an update would end, where that was asked for.
        standard_behind: Whether a later commit of its standard was fetched; None where it follows
            none, or that is not known.
        rules: The rules of its standard that fail.
    """

    drift: Drift
    forecast: Forecast | None = None
    standard_behind: bool | None = None
    rules: tuple[Result, ...] = ()

    @property
    def behind(self) -> bool:
        """Whether a later version is installed, or a later commit of its standard was fetched."""
        return self.drift.behind or bool(self.standard_behind)

    @property
    def drifted(self) -> bool:
        """Whether files of the template were edited or are missing."""
        return bool(self.drift.drifted)

    @property
    def conflicting(self) -> bool:
        """Whether an update would leave conflicts."""
        return bool(self.forecast and self.forecast.state == "conflicts")

    @property
    def refused(self) -> bool:
        """Whether an update would be refused."""
        return bool(self.forecast and self.forecast.state == "refused")

    @property
    def failing(self) -> bool:
        """Whether something is wrong with the project itself, or a rule of its standard fails."""
        return bool(self.drift.error or self.rules)

    @property
    def needs_you(self) -> bool:
        """Whether there is anything for a person to do."""
        return self.behind or self.drifted or self.conflicting or self.refused or self.failing

    def is_wanted(self, only: Only | None) -> bool:
        """Whether it is one of those that are wanted; without a wish all are."""
        return only is None or bool(getattr(self, only))


@dataclass(slots=True)
class Tally:
    """How many projects stand how."""

    projects: int = 0
    behind: int = 0
    drifted: int = 0
    failing: int = 0
    broken: int = 0
    """Those with an error: a rule that fails is none."""
    forecasts: int = 0
    conflicting: int = 0
    refused: int = 0
    need_you: int = 0
    with_file: int = 0
    """Those in which the file whose change was asked for is one of the template's."""

    def add(self, status: Status) -> None:
        """Count one more project."""
        self.projects += 1
        self.behind += status.behind
        self.drifted += status.drifted
        self.failing += status.failing
        self.broken += bool(status.drift.error)
        self.forecasts += status.forecast is not None
        self.conflicting += status.conflicting
        self.refused += status.refused
        self.need_you += status.needs_you
        self.with_file += status.drift.diff is not None


def survey(
    paths: Sequence[Path],
    *,
    with_forecast: bool = False,
    diff_of: str = "",
    template: Source | None = None,
    standards: Kept | None = None,
) -> Iterator[Status]:
    """Look at projects; nothing is written into any of them, and nothing is fetched.

    Whatever is wrong with one is told in its `Drift.error`, and ends none of the others.

    Args:
        paths: Their directories.
        with_forecast: Say how an update of each would end.
        diff_of: A file of the template whose change is wanted as a diff; none unless given.
        template: The source to compare to; the installed one unless given.
        standards: Those that were fetched; without them a project that follows one has an error.

    Raises:
        RenderError: There is no place to render in, or nothing to render with.
    """
    template = template or source.installed()

    def look(path: Path, renders: Renders) -> Status:
        with git.patience(_PATIENCE):
            return _status(path, renders, standards, diff_of, with_forecast=with_forecast)

    yield from look_at(paths, look, template)


def _status(
    path: Path, renders: Renders, standards: Kept | None, diff_of: str, *, with_forecast: bool
) -> Status:
    extend = standards.extend if standards else None
    try:
        found = compared(path, renders, diff_of=diff_of, extend=extend)
        coming = forecast(path, renders, standards) if with_forecast else None
        found, behind, rules = _with_standard(found, renders.source, standards)
    except Exception as error:  # noqa: BLE001 - whoever wrote a project wrote what is read here
        cause = explained(error)
        failed = Drift(path=absolute(path), from_tag="", to_tag=renders.source.tag, error=cause)
        refusal = Forecast(state="refused", reason=cause) if with_forecast else None
        return Status(drift=failed, forecast=refusal)
    return Status(drift=found, forecast=coming, standard_behind=behind, rules=rules)


def _with_standard(
    found: Drift, template: Source, standards: Kept | None
) -> tuple[Drift, bool | None, tuple[Result, ...]]:
    """Return what was found, how the standard has moved on, and the rules of it that fail."""
    if found.standard is None or standards is None:
        return found, None, ()
    behind = standards.is_behind(found.standard)
    if found.error:
        return found, behind, ()
    audited = standards.audit(found.path, template)
    failed = tuple(result for result in audited.results if result.fails)
    return replace(found, error=audited.error), behind, failed
