"""A standard begun: a folder with an example and its own tests, committed."""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from stackgen import git, signals
from stackgen.changes.staging import staging_directory
from stackgen.errors import DestinationError, RenderError, StandardError
from stackgen.foreign_text import quoted
from stackgen.project.destination import absolute_path
from stackgen.project.folder import shown, unreachable

_NAME = "NAME"
"""What stands for the name of the standard in the example."""

_NO_MODULE = ".txt"
"""What the name of a file ends in besides that is no module of this package."""

_FIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def start_standard(folder: Path) -> tuple[Path, bool]:
    """Make a standard in a new or empty folder: complete in the end, or not at all.

    Args:
        folder: Where it goes; its name becomes that of the standard.

    Returns:
        Its absolute path, and whether it is committed: git may not know who works here.

    Raises:
        StandardError: The folder has a name that no standard may have.
        DestinationError: The folder cannot be used.
        RenderError: git failed; nothing was kept.
    """
    path = absolute_path(folder)
    if not _FIT.fullmatch(path.name):
        raise StandardError(
            f"{quoted(path.name)} cannot be the name of a standard. Use letters, digits, `.`, `_` "
            "and `-`."
        )
    if reason := unreachable(path):
        raise DestinationError(f"{shown(path)} cannot be made: {reason}. Choose another place.")
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise DestinationError(f"`{path}` is no folder. Choose another place.")
    try:
        if path.is_dir() and any(path.iterdir()):
            raise DestinationError(f"`{path}` is not empty. Choose another place.")
        with staging_directory(path.parent, f".{path.name}.") as stage:
            draft = stage / path.name
            _copy(resources.files("stackgen.team") / "example", draft, path.name)
            committed = _commit(draft)
            with signals.finishing(f"`{path}` is made."):
                draft.rename(path)
    except OSError as error:
        raise DestinationError(
            f"`{path}` cannot be made: {error.strerror}. Choose another place."
        ) from error
    return path, committed


def _copy(source: Traversable, target: Path, name: str) -> None:
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                _copy(entry, target / entry.name, name)
            continue
        text = entry.read_text("utf-8").replace(_NAME, name)
        (target / entry.name.removesuffix(_NO_MODULE)).write_text(text, "utf-8")


def _commit(draft: Path) -> bool:
    if not git.available():
        raise RenderError("A standard is a git repository, and there is no `git`. Install it.")
    git.run("init", "--quiet", "--initial-branch=main", cwd=draft)
    git.run("add", "--all", cwd=draft)
    if not git.has_identity(draft):
        return False
    git.run("commit", "--quiet", "--no-verify", "--message=Start the standard", cwd=draft)
    return True
