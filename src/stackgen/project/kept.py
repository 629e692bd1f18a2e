"""Files of the template that a project has its own of: recorded, and left alone by updates.

They were there before the project, and were kept. No version of the template is the origin of
theirs, so that a merge would see nothing but conflicts in them.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from stackgen.errors import ProjectError
from stackgen.template.rendering import ANSWERS_FILE

KEY = "_kept"

README, README_BESIDE = "README.md", "README.stackgen.md"
"""The README of the template, and where it goes beside one that was kept."""


def record(project: Path, paths: Sequence[str]) -> None:
    """Record which files were kept in the answers file of a rendered project."""
    if not paths:
        return
    file = project / ANSWERS_FILE
    comment, _, answers = file.read_text("utf-8").partition("\n")
    entry = yaml.safe_dump({KEY: sorted(paths)}, allow_unicode=True)
    file.write_text(f"{comment}\n{entry}{answers}", "utf-8")


def read(value: Any, file: Path) -> tuple[str, ...]:
    """Check what an answers file records.

    Args:
        value: The recorded value; nothing where there is none.
        file: The answers file, for messages.

    Raises:
        ProjectError: It is no list of texts.
    """
    if value is None:
        return ()
    if not (isinstance(value, list) and all(isinstance(path, str) for path in value)):
        raise ProjectError(f"`{KEY}` in `{file}` is no list of paths. Restore it from git.")
    return tuple(value)


def set_aside(kept: Sequence[str], old: Path, new: Path) -> None:
    """Take the step between two renders from the files that a project has its own of.

    Args:
        kept: These files, relative with `/`.
        old: The render of the version that the project follows.
        new: The render of the version that is wanted.
    """
    if README in kept:
        for folder in (old, new):
            if (folder / README).is_file() and not (folder / README_BESIDE).exists():
                (folder / README).rename(folder / README_BESIDE)
    for file in [path for path in old.rglob("*") if path.is_file()]:
        path = file.relative_to(old)
        if path.as_posix() in kept:
            file.unlink()
            if (new / path).is_file():
                shutil.copy(new / path, file)
    for file in [path for path in new.rglob("*") if path.is_file()]:
        path = file.relative_to(new)
        if path.as_posix() in kept and not (old / path).exists():
            file.unlink()
