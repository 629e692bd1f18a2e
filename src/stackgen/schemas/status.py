"""What `stackgen status --json` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypedDict

from stackgen.project.drift import Drift, DriftState
from stackgen.schemas.project import Error, Follows, follows, installed_tag


class ComparedFile(TypedDict):
    """A file of the template, and how the project has it."""

    path: Annotated[str, "Relative to the project, with `/`."]
    state: DriftState


class ProjectStatus(Follows):
    """A project compared to the template of its version."""

    files: Annotated[list[ComparedFile], "Every file that the template rendered, by path."]
    conflicts: Annotated[list[str], "Always empty: as in the result of `update`."]
    error: Error


def status_result(projects: Iterable[Drift]) -> list[ProjectStatus]:
    """Return what is printed of projects."""
    return [
        {
            **follows(str(drift.path), drift.from_tag, drift.to_tag, behind=drift.behind),
            "files": [{"path": file.path, "state": file.state} for file in drift.files],
            "conflicts": [],
            "error": drift.error,
        }
        for drift in projects
    ]


def failed_status(message: str) -> list[ProjectStatus]:
    """Return what is printed where no project could be looked at."""
    return [
        {
            **follows(None, "", installed_tag(), behind=False),
            "files": [],
            "conflicts": [],
            "error": message,
        }
    ]
