"""Files and directories of a work tree: told apart, moved, and cleared away."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from stackgen.errors import ProjectError
from stackgen.foreign_text import quoted

CACHE = "__pycache__"
"""Python makes these anew: nobody loses one."""


def fingerprint(path: Path) -> str:
    """Return what tells a file's type, mode and content from any other's.

    It is empty where there is no file, or a directory.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if stat.S_ISDIR(mode):
        return ""
    if stat.S_ISLNK(mode):
        content = hashlib.sha256(os.fsencode(path.readlink())).hexdigest()
    elif stat.S_ISREG(mode):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    else:
        content = "-"
    return f"{mode:o} {content}"


def refuse_outside(paths: Iterable[str]) -> None:
    """Refuse paths, read from a file that anybody may have written, that lead out of a work tree.

    Raises:
        ProjectError: One is absolute, climbs, or is git's own.
    """
    for path in paths:
        place = PurePosixPath(path)
        if place.is_absolute() or not place.parts or {"..", ".git"} & {*place.parts}:
            raise ProjectError(
                f"What the last update recorded names {quoted(path)}, which is no file of a "
                "project. It was not written by stackgen."
            )


def refuse_linked(top: Path, paths: Iterable[str]) -> None:
    """Refuse paths of which a directory is a link, which leads anywhere.

    Args:
        top: The root of the work tree.
        paths: The paths, relative to it.

    Raises:
        ProjectError: One is beyond a link.
    """
    for folder in sorted({parent for path in paths for parent in PurePosixPath(path).parents}):
        if (top / folder).is_symlink() and folder.parts:
            raise ProjectError(
                f"`{top / folder}` is a link, and files belong into a directory there. Put one in "
                "its place."
            )


def is_directory(path: Path) -> bool:
    """Whether there is a directory, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def files_in(directory: Path) -> Iterator[Path]:
    """Yield all files below a directory, those in caches aside; links are files."""
    for folder, names, files in os.walk(directory):
        links = [name for name in names if Path(folder, name).is_symlink()]
        names[:] = [name for name in names if name != CACHE]
        yield from (Path(folder, name) for name in [*files, *links])


def move(source: Path, target: Path) -> None:
    """Rename a file, making the directories that it lies in."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def make_room(path: Path) -> None:
    """Remove a directory in the place of a file, when there are no files in it."""
    if is_directory(path) and not any(files_in(path)):
        shutil.rmtree(path)


def prune(top: Path, paths: Iterable[str]) -> None:
    """Remove the directories that files were in, where nothing is left but a cache.

    Args:
        top: The directory in which to stay.
        paths: The files that went, relative to it.
    """
    for path in paths:
        for folder in (top / path).parents:
            if folder == top or not _is_empty(folder):
                break
            shutil.rmtree(folder)


def _is_empty(folder: Path) -> bool:
    return (
        folder.is_dir()
        and not folder.is_symlink()
        and all(path.name == CACHE for path in folder.iterdir())
    )
