"""What `stackgen update --json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NotRequired, TypedDict, cast

from stackgen.project.folder import absolute
from stackgen.schemas.project import Error, Follows, follows, installed_tag
from stackgen.updating.outcome import FileState, Update


class UpdatedFile(TypedDict):
    """A file, and what becomes of it."""

    path: Annotated[str, "Relative to the project, with `/`."]
    state: FileState


StandardStep = TypedDict(
    "StandardStep",
    {
        "url": Annotated[str, "The address of its repository."],
        "from": Annotated[str | None, "The commit that the project followed; null without one."],
        "to": Annotated[str | None, "The commit that it follows then."],
    },
)


class UpdateResult(Follows):
    """An update that was made, planned or refused."""

    files: Annotated[list[UpdatedFile], "Every file that the template has or had, by path."]
    conflicts: Annotated[list[str], "Paths of the files that a person has to finish."]
    discarded: Annotated[list[str], "Paths of edited files that go."]
    error: Error
    standard: NotRequired[Annotated[StandardStep, "Where it follows a team's standard."]]


def update_result(update: Update) -> UpdateResult:
    """Return what is printed of an update."""
    told: dict[str, object] = {
        **follows(str(update.path), update.from_tag, update.to_tag, behind=update.behind),
        "files": [{"path": file.path, "state": file.state} for file in update.files],
        "conflicts": list(update.conflicts),
        "discarded": list(update.discarded),
        "error": None,
    }
    before, after = update.from_standard, update.to_standard
    if after:
        former = before.commit if before else None
        told["standard"] = {"url": after.url, "from": former, "to": after.commit}
    return cast("UpdateResult", told)


def failed_update(message: str, path: Path | None, discarded: Sequence[str] = ()) -> UpdateResult:
    """Return what is printed of an update that failed.

    Args:
        message: What happened, and what to do about it.
        path: The project's directory, if it is known.
        discarded: Files with edits for which it was refused.
    """
    told: dict[str, object] = {
        **follows(str(absolute(path)) if path else None, "", installed_tag(), behind=False),
        "files": [],
        "conflicts": [],
        "discarded": list(discarded),
        "error": message,
    }
    return cast("UpdateResult", told)
