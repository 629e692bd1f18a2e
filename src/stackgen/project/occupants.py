"""What a folder may hold that becomes a project: what hosts, git and editors put into a new one."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from stackgen.changes.staging import MARK
from stackgen.errors import DestinationError

LICENSE = "LICENSE"

_LICENCES = re.compile(r"(?i)(?:licen[sc]e|copying|unlicense)(?:[-_.].*)?")
_DOCUMENTS = re.compile(
    r"(?i)(?:readme|licen[sc]e|copying|unlicense|notice|authors|contributing|security|changelog"
    r"|code[-_]of[-_]conduct|codeowners)(?:[-_.].*)?"
)
_SETTINGS = frozenset(
    {".editorconfig", ".gitattributes", ".gitignore", ".gitkeep", ".keep", ".mailmap"}
)
_HOSTS = frozenset({".forgejo", ".gitea", ".github", ".gitlab"})
"""Folders of hosts, whatever is in them."""

_EDITORS = frozenset({".DS_Store", ".idea", ".vscode", "Thumbs.db", "desktop.ini"})
"""Left where they are, and never committed."""


def in_the_way(folder: Path) -> str:
    """Return the first name in a folder for which it cannot become a project, or an empty text.

    Raises:
        OSError: The folder cannot be read.
    """
    with os.scandir(folder) as entries:
        found = sorted(entry.name for entry in entries if not _may_be_there(entry))
    return found[0] if found else ""


def is_occupant(name: str) -> bool:
    """Whether a folder with a file or folder of that name may become a project."""
    return bool(
        name in _SETTINGS | _HOSTS | _EDITORS or _DOCUMENTS.fullmatch(name) or name == ".git"
    )


def _may_be_there(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if name == ".git" or name in _EDITORS or MARK in name:
        return True  # With `MARK` it is what another run works with, which the lock tells.
    mode = entry.stat(follow_symlinks=False).st_mode
    if name in _HOSTS:
        return stat.S_ISDIR(mode)
    if name in _SETTINGS:
        return stat.S_ISREG(mode)  # git does not follow a link in the place of its own.
    return bool(_DOCUMENTS.fullmatch(name)) and (stat.S_ISREG(mode) or stat.S_ISLNK(mode))


def licences(folder: Path) -> list[str]:
    """Return the names of the licences in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir() if _LICENCES.fullmatch(path.name))


def documents(folder: Path) -> list[str]:
    """Return the files in a folder that belong into a first commit, relative with `/`, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in _documents(folder))


def _documents(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _HOSTS:
            yield from (file for file in path.rglob("*") if file.is_file() or file.is_symlink())
        elif path.name in _SETTINGS or _DOCUMENTS.fullmatch(path.name):
            yield path


def refuse_blocked(folder: Path, paths: Sequence[str]) -> None:
    """Refuse a folder in which something stands where a directory of the project goes.

    Args:
        folder: The folder.
        paths: The files that come, relative to it.

    Raises:
        DestinationError: It names the file or link.
    """
    for path in paths:
        for parent in Path(path).parents:
            place = folder / parent
            if place == folder:
                break
            if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
                raise DestinationError(
                    f"`{place}` is in the way: a folder of the project goes there. Move it away."
                )
        if (folder / path).is_dir() and not (folder / path).is_symlink():
            raise DestinationError(
                f"`{folder / path}` is in the way: a file of the project goes there. Move it away."
            )
