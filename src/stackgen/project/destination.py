"""Where a project goes, and what it may be called."""

from __future__ import annotations

import keyword
import os
import re
import shlex
import sys
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from stackgen.errors import DestinationError
from stackgen.foreign_text import quoted
from stackgen.project.folder import shown, unreachable
from stackgen.project.occupants import in_the_way
from stackgen.project.packages import installed_packages

LONGEST_NAME = 64
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*")

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)

# What installs a project: pip would put a project of its own name in its place.
INSTALLERS = frozenset({"pip", "setuptools", "uv", "wheel"})


def check_name(name: str, reserved: Collection[str] = ()) -> None:
    """Refuse a project name that would break a tool, a platform or an import.

    Args:
        name: The name, such as `my-project`.
        reserved: Further names that are taken, such as the frameworks'.

    Raises:
        DestinationError: It names the rule that the name breaks.
    """
    if reason := _objection(name, frozenset(reserved)):
        shown = quoted(name, longest=LONGEST_NAME)
        raise DestinationError(f"The project cannot be called {shown}: {reason}")


def _objection(name: str, reserved: frozenset[str]) -> str | None:
    if not name or name in {".", ".."}:
        return "that is no name. Give one such as `my-project`."
    if len(name) > LONGEST_NAME:
        return f"it has {len(name)} characters. Use at most {LONGEST_NAME}."
    for character in name:
        if not (character.isascii() and (character.isalnum() or character in "-_")):
            return (
                f"it contains the character U+{ord(character):04X}. "
                "Use the letters a to z, digits, hyphens and underscores."
            )
    if not NAME.fullmatch(name):
        return (
            "it must start with a letter, and a hyphen or underscore must stand alone "
            "between letters or digits."
        )
    return taken_names(reserved).get(_plain(name))


@cache
def taken_names(reserved: frozenset[str] = frozenset()) -> Mapping[str, str]:
    """Return every name that no project may have, in small letters with `_` for `-`, and why.

    Args:
        reserved: Further names that are taken, such as the frameworks'.
    """
    packages = installed_packages() | reserved
    kinds = {
        "that is the name of a package the project depends on.": map(_plain, packages),
        "that is a module of Python's standard library.": map(_plain, sys.stdlib_module_names),
        "that is the name of a program that installs projects.": INSTALLERS,
        "that is a keyword of Python.": map(_plain, keyword.kwlist),
        "Windows reserves that name for a device.": WINDOWS_DEVICES,
    }
    return {name: f"{why} Choose another." for why, names in kinds.items() for name in names}


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "_", name).lower()  # as PEP 503 has it, whose sign is `-`


def check_destination(path: Path) -> Path:
    """Check that a project can be put at `path`, before anything is asked or written.

    Returns:
        The absolute path; it does not exist, or it is a directory that holds nothing but what a
        new one may: see `occupants.py`.

    Raises:
        DestinationError: It says what stands in the way.
    """
    absolute = absolute_path(path)
    if not absolute.name:
        raise DestinationError(
            f"`{path}` is no place of its own. Give the project a directory: stackgen new "
            "my-project"
        )
    if len(str(absolute.parent).splitlines()) > 1:
        raise DestinationError(
            f"{shown(absolute.parent)} has a line break in it, which git and others "
            "take for two names. Choose another place."
        )
    if ".git" in absolute.parts:
        raise DestinationError(f"`{path}` is inside a `.git` directory. Choose another place.")
    if reason := unreachable(absolute.parent):
        raise DestinationError(f"{shown(path)} cannot be used: {reason}. Choose another place.")
    try:
        _check_place(path, absolute)
    except OSError as error:
        raise DestinationError(
            f"{shown(path)} cannot be used: {error.strerror}. Choose another place."
        ) from error
    return absolute


def absolute_path(path: Path) -> Path:
    """Return the absolute path of a destination, which may climb with `..` or be a `.`.

    A link in its last part stays one, so that it can be refused.

    Raises:
        DestinationError: The current directory is gone, or links go round in a circle.
    """
    try:
        if path.name == "..":
            return path.resolve()
        if ".." in path.parts:
            return path.parent.resolve() / path.name
        return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a symlink
    except FileNotFoundError:
        raise DestinationError(
            "The current directory does not exist any more. Change to another one."
        ) from None
    except (OSError, RuntimeError) as error:  # Python before 3.13: a loop is a RuntimeError.
        raise DestinationError(
            f"`{path}` cannot be reached: its symbolic links go round in a circle."
        ) from error


def _check_place(path: Path, absolute: Path) -> None:
    if absolute.is_symlink():
        raise DestinationError(
            f"`{path}` is a symbolic link. Name a place that does not exist yet."
        )
    if absolute.exists():
        if not absolute.is_dir():
            raise DestinationError(f"`{path}` is a file. Choose another name.")
        _check_folder(absolute)
        return
    parent = absolute.parent
    if not parent.exists():
        command = f"mkdir -p {shlex.quote(str(parent))}"
        raise DestinationError(f"`{parent}` does not exist. Create it first: {command}")
    if not parent.is_dir():
        raise DestinationError(f"`{parent}` is not a directory. Choose another place.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise DestinationError(f"`{parent}` cannot be written to. Choose another place.")


def _check_folder(folder: Path) -> None:
    if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
        raise DestinationError(
            f"`{folder}` is a bare git repository. Clone it, and make the project in the clone."
        )
    if obstacle := in_the_way(folder):
        raise DestinationError(
            f"`{folder}` exists and is not empty: `{obstacle}` is in the way. Choose another "
            "place, or move it away."
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DestinationError(f"`{folder}` cannot be written to. Choose another place.")
