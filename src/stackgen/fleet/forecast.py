"""What an update would do to a project: the very update, planned and not made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stackgen.errors import StackgenError
from stackgen.project.record import open_project
from stackgen.team.kept import Kept
from stackgen.template.renders import Renders
from stackgen.updating.planning import plan_update

ForecastState = Literal["clean", "conflicts", "refused"]
"""How an update would end. `clean` is also said where there is nothing to update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How an update would end.

    Attributes:
        state: See `ForecastState`.
        conflicts: The files that a person would have to finish, sorted.
        reason: Why it would be refused; or none.
    """

    state: ForecastState
    conflicts: tuple[str, ...] = ()
    reason: str | None = None


def forecast(path: Path, renders: Renders, standards: Kept | None = None) -> Forecast:
    """Say how an update to the version of `renders` would end; nothing is written.

    Args:
        path: The project's directory.
        renders: What renders both versions.
        standards: Those that were fetched; without them a project that follows one is refused.
    """
    try:
        recorded = open_project(path, renders.source, renders.index).standard
        move = standards.move(recorded) if standards else None
        jinja = standards.jinja if standards else None
        plan = plan_update(path, renders=renders, jinja=jinja, move=move)
    except StackgenError as error:
        return Forecast(state="refused", reason=str(error))
    if plan.conflicts:
        return Forecast(state="conflicts", conflicts=plan.conflicts)
    return Forecast(state="clean")
