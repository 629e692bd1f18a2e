"""Projects below a folder, found by their answers files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stackgen.project.answers_file import LARGEST_FILE
from stackgen.project.folder import find_folder
from stackgen.template.rendering import ANSWERS_FILE

_ADDRESS = re.compile(rb"""^_src_path:[ ]+["']?([^\s"'#]+)""", re.MULTILINE)
_NO_PROJECTS = frozenset({"__pycache__", "node_modules", "site-packages"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found below some folders.

    Attributes:
        projects: The directories of projects, and those that cannot be looked into, by path.
        others: How many repositories, and folders right below those that were named, hold none.
    """

    projects: tuple[Path, ...]
    others: int


def discover(folders: Iterable[Path], urls: Iterable[str]) -> Discovery:
    """Look for projects below folders.

    What is below a project is not looked at, nor are hidden folders and what symbolic links lead
    to. A project whose answers file names another template is none of stackgen's.

    Args:
        folders: Where to look.
        urls: The addresses of the template.

    Raises:
        ProjectError: One of them is not a directory, or cannot be looked up.
    """
    known = frozenset(url.encode() for url in urls)
    projects: list[Path] = []
    others = 0
    for folder in dict.fromkeys(map(_named, folders)):
        found, without = _below(folder, known)
        projects += found
        others += without
    return Discovery(projects=tuple(dict.fromkeys(sorted(projects))), others=others)


def _named(folder: Path) -> Path:
    """Return the absolute path of a folder that was named, with the links in it."""
    find_folder(folder, "Name a folder below which there are projects.")
    return folder.absolute()


def _below(top: Path, urls: frozenset[bytes]) -> tuple[list[Path], int]:
    """Return the projects below a folder, and how many folders that count hold none."""
    projects: list[Path] = []
    counted: list[Path] = []  # Each after those in it, so that a folder is counted once.
    waiting = [(top, False)]
    while waiting:
        folder, is_done = waiting.pop()
        if is_done:
            if not any(each.is_relative_to(folder) for each in (*projects[-1:], *counted[-1:])):
                counted.append(folder)
            continue
        try:
            names, folders = _entries(folder)
        except OSError:  # Whoever looks at it as a project will say why.
            projects.append(folder)
            continue
        if ANSWERS_FILE in names:
            (projects if _is_ours(folder / ANSWERS_FILE, urls) else counted).append(folder)
            continue
        if ".git" in names or folder.parent == top:
            waiting.append((folder, True))
        waiting += [(folder / name, False) for name in folders]
    return projects, len(counted)


def _entries(folder: Path) -> tuple[set[str], list[str]]:
    """Return the names in a folder, and those of the folders to look into, last one first."""
    with os.scandir(folder) as entries:
        listed = list(entries)
    folders = [
        entry.name
        for entry in listed
        if entry.is_dir(follow_symlinks=False)
        and not entry.name.startswith(".")
        and entry.name not in _NO_PROJECTS
    ]
    return {entry.name for entry in listed}, sorted(folders, reverse=True)


def _is_ours(file: Path, urls: frozenset[bytes]) -> bool:
    """Tell whether an answers file may be of stackgen's: it names no other address."""
    try:
        if file.is_symlink() or not file.is_file():
            return True
        with file.open("rb") as opened:
            found = _ADDRESS.search(opened.read(LARGEST_FILE))
    except OSError:
        return True
    return found is None or found[1] in urls
