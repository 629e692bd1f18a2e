"""What was changed in one file of a project, as a unified diff."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from stackgen import git

_LARGEST = 1024 * 1024
"""In bytes: nobody reads a longer one."""

_DIFF = ("diff", "--no-index", "--no-color", "--no-ext-diff", "--no-textconv", "--no-prefix")


def file_diff(rendered: Path, project: Path, path: str) -> str:
    """Return the change of a file, from what the template rendered to what the project has.

    Args:
        rendered: The rendered folder; a copy of the project's file is put beside it.
        project: The project's directory.
        path: The file, relative with `/`; the render has it.

    Returns:
        The diff; where it cannot be shown, a line that says why.

    Raises:
        RenderError: git failed.
        OSError: The project's file cannot be read.
    """
    ours = rendered / path
    content, problem = _content(project / path)
    if problem or ours.stat().st_size > _LARGEST:
        return f"{path}: {problem or 'it is too large to be shown.'}\n"
    place = rendered.parent
    theirs = place / "project" / path
    if content is not None:
        theirs.parent.mkdir(parents=True)
        theirs.write_bytes(content)
    done = git.run(
        *(*_DIFF, "--ignore-cr-at-eol", "--", str(ours.relative_to(place))),
        os.devnull if content is None else str(theirs.relative_to(place)),
        cwd=place,
        environment={**git.PRIVATE, "GIT_CEILING_DIRECTORIES": str(place)},
        accept=(0, 1),
        settings=git.SHORT_LIVED,
    )
    return done.stdout.decode(errors="replace")


def _content(file: Path) -> tuple[bytes | None, str]:
    """Return what a file holds, nothing where it is missing; or why that is not shown."""
    try:
        found = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None, ""
    if not stat.S_ISREG(found.st_mode):
        return None, "it is not a regular file."
    if found.st_size > _LARGEST:
        return None, "it is too large to be shown."
    return file.read_bytes(), ""
