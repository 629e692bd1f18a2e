"""What `stackgen adopt --json` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypedDict

from stackgen.adoption.adopt import Adopted
from stackgen.project.drift import DriftState
from stackgen.project.folder import absolute
from stackgen.schemas.project import Error


class AdoptedFile(TypedDict):
    """A file of the template, and how the project has it."""

    path: Annotated[str, "Relative to the project, with `/`."]
    state: DriftState
    likeness: Annotated[
        float, "The share of the template's lines that the project has in this file, 0 to 1."
    ]


class AdoptResult(TypedDict):
    """A project that follows the template again, or why it does not."""

    path: Annotated[str | None, "Its directory, absolute; null where that is not known."]
    framework: Annotated[str | None, "Its framework; null where the call failed."]
    options: Annotated[
        dict[str, Any], "Option to value, of the options that a person may set at that version."
    ]
    version: Annotated[str | None, "The version that it follows; null where the call failed."]
    files: Annotated[list[AdoptedFile], "Every file that the template renders, by path."]
    error: Error


def adopt_result(adopted: Adopted) -> AdoptResult:
    """Return what is printed of a project that was adopted, or would be."""
    return {
        "path": str(adopted.path),
        "framework": adopted.framework,
        "options": dict(adopted.options),
        "version": adopted.tag.removeprefix("v"),
        "files": [
            {
                "path": file.path,
                "state": file.state,
                "likeness": round(adopted.likeness[file.path], 3),
            }
            for file in adopted.files
        ],
        "error": None,
    }


def failed_adopt(message: str, path: Path | None) -> AdoptResult:
    """Return what is printed where nothing was adopted.

    Args:
        message: What happened, and what to do about it.
        path: The project's directory, if it is known.
    """
    return {
        "path": str(absolute(path)) if path else None,
        "framework": None,
        "options": {},
        "version": None,
        "files": [],
        "error": message,
    }
