"""A private copy of a project: what git would take of it, as it stands in the work tree."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pathspec

from stackgen import git
from stackgen.errors import RenderError
from stackgen.template.rendering import ANSWERS_FILE

_IGNORED = ".gitignore"
_NEVER = {".git", ".venv", "__pycache__", "node_modules"}
_SECRETS = ".env"


def copy_project(project: Path, to: Path) -> None:
    """Copy the files of a project that are committed, or would be.

    What git ignores is not copied: neither the environment nor the secrets of its developer.

    Args:
        project: The project's directory.
        to: The directory to make.

    Raises:
        OSError: A file cannot be read or written.
    """
    to.mkdir()
    for name in _names(project):
        source, target = project / name, to / name
        if not (source.is_file() or source.is_symlink()):
            continue  # It is deleted, or a repository of its own.
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


def _names(project: Path) -> list[str]:
    if git.available() and git.enclosing_repository(project):
        words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
        settings = {**git.IN_WORK_TREE, "safe.directory": "*"}
        repository = git.Repository(folder=project, environment=git.OFFLINE, settings=settings)
        with contextlib.suppress(RenderError):  # Its files are there, whatever git says.
            names = repository.records(*words)
            if ANSWERS_FILE in names:  # Not where a repository around it ignores all of it.
                return names
    return sorted(_walked(project))


def _walked(project: Path) -> Iterator[str]:
    """Yield the files of a project without git, by its own list of what is ignored."""
    file = project / _IGNORED
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    ignored = pathspec.GitIgnoreSpec.from_lines([*lines, f"/{_SECRETS}"])
    for folder, directories, files in os.walk(project):
        place = Path(folder).relative_to(project)
        links = [name for name in directories if Path(folder, name).is_symlink()]
        for name in [*files, *links]:
            if not ignored.match_file((place / name).as_posix()):
                yield (place / name).as_posix()
        directories[:] = [
            name
            for name in directories
            if name not in _NEVER and not ignored.match_file(f"{(place / name).as_posix()}/")
        ]
