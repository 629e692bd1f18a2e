"""Folders that a person names: whether one can be looked into, and why it cannot."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from stackgen.errors import ProjectError
from stackgen.foreign_text import quoted

LONGEST_SHOWN = 200
"""How much a message shows of a path."""

_REASONS = {
    errno.ELOOP: "its symbolic links form a loop",
    errno.ENAMETOOLONG: "it is too long, or a name in it is",
    errno.EACCES: "a folder above it may not be entered",
}


def shown(path: Path) -> str:
    """Return a path as a message shows it."""
    return quoted(path, longest=LONGEST_SHOWN)


def absolute(path: Path) -> Path:
    """Return the absolute path of a path; itself where the current directory is gone."""
    try:
        return path.absolute()
    except OSError:
        return path


def unreachable(path: Path) -> str:
    """Return why a path cannot be looked up; empty where it can, whatever is there or is not.

    Args:
        path: The path; a link counts as what it leads to.
    """
    if not absolute(path).is_absolute():
        return "the current directory does not exist any more"
    try:
        is_closed = stat.S_ISDIR(path.stat().st_mode) and not os.access(path, os.X_OK)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return _REASONS.get(error.errno or 0, error.strerror or str(error))
    except ValueError:  # A null, or a surrogate that stands for no byte.
        return "it holds a character that no path may hold"
    return "it may not be entered" if is_closed else ""


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a path; of one that cannot be looked up there is none."""
    return not unreachable(path) and path.is_dir()


def find_folder(path: Path, remedy: str = "Name the directory of a project.") -> Path:
    """Return the absolute path, without links, of a folder that a person named.

    Args:
        path: The path.
        remedy: What to do where it is no folder.

    Raises:
        ProjectError: It is no folder, or cannot be looked up, as `unreachable` says.
    """
    if reason := unreachable(path):
        raise ProjectError(f"{shown(path)} cannot be reached: {reason}. {remedy}")
    if not path.is_dir():
        raise ProjectError(f"{shown(path.absolute())} is not a directory. {remedy}")
    return path.resolve()
