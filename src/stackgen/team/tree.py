"""The files of a standard at one commit: read from git's objects, and never checked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from stackgen import git, git_objects
from stackgen.errors import StandardError
from stackgen.foreign_text import one_line, quoted
from stackgen.project.lfs import is_pointer
from stackgen.team.paths import LONGEST_PATH, SUFFIX, objection, twins
from stackgen.team.reading import LARGEST_STANDARD
from stackgen.team.standard import STANDARD_FILE

OVERLAY = "overlay"
COMMON = "common"
"""The folder of the overlay that is for every framework."""

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_OVERLAY = 50 * 1024 * 1024
"""In bytes."""

MOST_FILES = 2000

_PRIVATE = {**git.PRIVATE, **git.HERE}

_LINK = "120000"
_READING = git.Bounds(seconds=30, bytes=4 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class OverlayFile:
    """A file of an overlay.

    Attributes:
        content: Its bytes.
        executable: Whether it can be run.
    """

    content: bytes
    executable: bool = False


class Listed(NamedTuple):
    """An entry of a tree, before its content is read."""

    mode: str
    name: str
    size: int


def read_commit(repository: Path, commit: str) -> tuple[bytes, Mapping[str, OverlayFile]]:
    """Return the bytes of `standard.toml` and the files of the overlay, by path below `overlay/`.

    Args:
        repository: A bare repository that holds the commit.
        commit: Its full name.

    Raises:
        StandardError: There is no standard in it, or files that no overlay may have.
        RenderError: git failed.
    """
    listed = _list(repository, commit)
    if STANDARD_FILE not in listed:
        raise StandardError(
            f"it has no `{STANDARD_FILE}` at the root of the repository, and is no standard."
        )
    check_entries(listed)
    contents = git_objects.read_objects(
        [entry.name for entry in listed.values()], cwd=repository, environment=_PRIVATE
    )
    found = {
        path: OverlayFile(content, entry.mode == git_objects.EXECUTABLE)
        for (path, entry), content in zip(listed.items(), contents, strict=True)
    }
    standard = found.pop(STANDARD_FILE).content
    return standard, _overlay(found)


def read_folder(folder: Path) -> tuple[bytes, Mapping[str, OverlayFile]]:
    """Return the same of a folder as it is, whatever is committed.

    Args:
        folder: The root of a standard.

    Raises:
        StandardError: There is no standard in it, or files that no overlay may have.
    """
    try:
        listed = {
            path.relative_to(folder).as_posix(): _stat(path)
            for path in [folder / STANDARD_FILE, *sorted(_below(folder / OVERLAY))]
        }
        if not (folder / STANDARD_FILE).is_file():
            raise StandardError(f"`{folder}` has no `{STANDARD_FILE}`: it is no standard.")
        if (folder / OVERLAY).is_symlink():
            listed[OVERLAY] = _stat(folder / OVERLAY)
        check_entries(listed)
        found = {
            path: OverlayFile((folder / path).read_bytes(), entry.mode == git_objects.EXECUTABLE)
            for path, entry in listed.items()
        }
    except OSError as error:
        raise StandardError(f"`{error.filename}` cannot be read: {error.strerror}.") from error
    standard = found.pop(STANDARD_FILE).content
    return standard, _overlay(found)


def _below(folder: Path) -> Iterator[Path]:
    """Yield all that lies below a folder and is no folder itself; no link is followed.

    Raises:
        OSError: A folder cannot be read: what lies there would be left out without a word.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        else:
            yield path


def _stat(path: Path) -> Listed:
    if not path.is_symlink() and not path.exists():
        return Listed(git_objects.PLAIN, "", 0)
    found = path.lstat()
    if path.is_symlink():
        mode = _LINK
    elif path.is_file():
        mode = git_objects.EXECUTABLE if found.st_mode & 0o100 else git_objects.PLAIN
    else:
        mode = "neither a file nor a folder"
    return Listed(mode, "", found.st_size)


def check_entries(listed: Mapping[str, Listed]) -> None:
    """Refuse what no standard may hold, before anything of it is read.

    Args:
        listed: `standard.toml` and the files below `overlay/`, by path.

    Raises:
        StandardError: A link, a submodule, a name that is not allowed, too much, or twins.
    """
    for path, entry in listed.items():
        shown = f"{quoted(path, longest=LONGEST_PATH)} of the standard"
        if entry.mode == _LINK:
            raise StandardError(f"{shown} is a symbolic link. Put the file itself there.")
        if entry.mode == git.SUBMODULE:
            raise StandardError(f"{shown} is a submodule. Put its files there.")
        if entry.mode not in {git_objects.PLAIN, git_objects.EXECUTABLE}:
            raise StandardError(f"{shown} has the mode {entry.mode}. Put a plain file there.")
        most = LARGEST_STANDARD if path == STANDARD_FILE else LARGEST_FILE
        if entry.size > most:
            raise StandardError(f"{shown} is larger than {most // 1024} KiB. Leave it out.")
        if path != STANDARD_FILE:
            _check_place(path, shown)
    if len(listed) > MOST_FILES:
        raise StandardError(f"The standard has more than {MOST_FILES} files. Leave some out.")
    if sum(entry.size for entry in listed.values()) > LARGEST_OVERLAY:
        raise StandardError(
            f"The files of the standard are larger than {LARGEST_OVERLAY // 1024 // 1024} MiB "
            "together. Leave some out."
        )
    _check_twins(path.partition("/")[2] for path in listed if path != STANDARD_FILE)


def _check_place(path: str, shown: str) -> None:
    _, _, below = path.partition("/")
    folder, slash, place = below.partition("/")
    if not slash:
        raise StandardError(
            f"{shown} is in no folder of the overlay. Move it to `{OVERLAY}/{COMMON}/`, or to that "
            "of a framework."
        )
    target = place.removesuffix(SUFFIX)
    for name in (f"{folder}/{target}", target):
        if reason := objection(name):
            raise StandardError(f"{shown} cannot be in a project: {reason}.")


def _check_twins(paths: Iterable[str]) -> None:
    """Refuse files that would be one in a project, within each folder of the overlay."""
    listed = list(paths)
    targets = [path.removesuffix(SUFFIX) for path in listed]
    twice = [path for path, times in Counter(targets).items() if times > 1]
    if twice:
        raise StandardError(
            f"`{twice[0]}` and `{twice[0]}{SUFFIX}` of the overlay are the same file of a project. "
            "Leave one of them out."
        )
    if found := twins(targets):
        raise StandardError(
            f"`{found[0]}` and `{found[1]}` of the overlay are one and the same on some systems. "
            "Rename one of them."
        )


def _overlay(found: Mapping[str, OverlayFile]) -> dict[str, OverlayFile]:
    for path, file in found.items():
        if is_pointer(file.content):
            raise StandardError(
                f"`{one_line(path)}` of the standard is a pointer of Git LFS, which is not "
                "fetched. Commit the file itself."
            )
    return {path.partition("/")[2]: file for path, file in found.items()}


def _list(repository: Path, commit: str) -> dict[str, Listed]:
    words = ("ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", STANDARD_FILE, OVERLAY)
    listing = git.run_bounded(
        *words,
        cwd=repository,
        bounds=_READING,
        environment=_PRIVATE,
        settings=git.ANY_OWNER,
    )
    found = {}
    for line in git.to_text(listing).split("\0"):
        fields, tab, path = line.partition("\t")
        if tab:
            mode, _, name, size = fields.split()
            found[path] = Listed(mode, name, int(size) if size.isdigit() else 0)
    return found
