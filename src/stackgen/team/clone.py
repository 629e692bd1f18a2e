"""A folder that was named as a standard: whether it can be one, and by which address it counts."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from stackgen import git, git_objects
from stackgen.errors import RenderError, StandardError
from stackgen.foreign_text import one_line
from stackgen.team.address import check_address

# Lists of ignored files run nothing, whoever names them.
_OWN_IGNORED = {name: value for name, value in git.ANY_OWNER.items() if name != "core.excludesFile"}


def check_clone(folder: Path, *, committed: bool) -> None:
    """Refuse a folder that is no repository's root, or holds what is not committed.

    Args:
        folder: The folder.
        committed: Whether what lies there counts: it must be committed then.

    Raises:
        StandardError: It is no such repository.
    """
    repository = git.Repository(folder=folder, settings=git.ANY_OWNER)
    if _is_bare(repository):
        return
    top = repository.ask("rev-parse", "--show-cdup", "--is-inside-work-tree").splitlines()
    if top != ["", "true"]:
        what = "lies in a repository with another root" if top else "is no git repository"
        raise StandardError(
            f"`{folder}` {what}. A standard is a repository of its own: `standard.toml` is at its "
            "root."
        )
    if repository.ask("rev-parse", "--is-shallow-repository") == "true":
        raise StandardError(
            f"`{folder}` is a clone without its whole history, and an update needs that. Fetch it "
            "there: `git fetch --unshallow`."
        )
    if committed and (changed := _uncommitted(repository)):
        raise StandardError(
            f"`{one_line(changed)}` of the standard `{folder}` is not committed. Commit it: a "
            "project records a commit."
        )


def _uncommitted(repository: git.Repository) -> str:
    """Return a file that is not as it is committed; no filter of git's is run to find out."""
    folder = repository.folder
    try:
        committed = git_objects.list_files("HEAD", cwd=folder)
    except RenderError as error:
        branches = repository.ask("for-each-ref", "--count=1", "refs/heads")
        has = "is on a branch that has" if branches else "has"
        raise StandardError(f"`{folder}` {has} no commit yet. Commit the standard.") from error
    staged = _staged(repository)
    for path in sorted({*committed, *staged}):
        if committed.get(path) != staged.get(path):
            return path
    files = _plain_files(folder, committed)
    for path in committed:
        if path not in files and committed[path][0] in {git_objects.PLAIN, git_objects.EXECUTABLE}:
            return path
    present = git_objects.hash_files(folder, files)
    for path in sorted(files):
        if present[path] != committed[path]:
            return path
    # What the person has git ignore everywhere is no part of the standard either.
    as_theirs = git.Repository(folder=folder, environment=git.OFFLINE, settings=_OWN_IGNORED)
    others = as_theirs.records("ls-files", "--others", "--exclude-standard", "-z")
    return others[0] if others else ""


def _staged(repository: git.Repository) -> git_objects.Entries:
    """Return what the next commit would hold; of a file in conflict, nothing that is committed."""
    found = {}
    for line in repository.records("ls-files", "--stage", "-z"):
        fields, _, path = line.partition("\t")
        mode, name, stage = fields.split()
        found[path] = (mode, name) if stage == "0" else ("", "")
    return found


def _plain_files(folder: Path, paths: Iterable[str]) -> set[str]:
    """Return those of some paths at which there is a file.

    Raises:
        StandardError: One of them cannot be read.
    """
    found = set()
    for path in paths:
        file = folder / path
        try:
            if not stat.S_ISREG(file.lstat().st_mode):
                continue
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise StandardError(f"`{file}` cannot be read: {error.strerror}.") from error
        if not os.access(file, os.R_OK):
            raise StandardError(f"`{file}` cannot be read: {os.strerror(errno.EACCES)}.")
        found.add(path)
    return found


def addresses_of(folder: Path) -> tuple[str, ...]:
    """Return the addresses that a folder may be recorded by; the first counts for a new project.

    That of a clone is its origin's, which others can fetch from. A bare one is fetched from itself,
    too: its own path counts where a project records it, as clones of that one do.

    Args:
        folder: A repository's root, or any other folder.

    Raises:
        StandardError: The origin has an address that is not allowed.
    """
    repository = git.Repository(folder=folder, settings=git.ANY_OWNER)
    origin = repository.ask("config", "--local", "--get", "remote.origin.url")
    if not origin:
        return (str(folder),)
    origin = origin.removeprefix("file://")
    if not origin.startswith("/") and not _is_address(origin):
        origin = str(folder / origin)  # git takes it from the clone's own place.
    if not _is_bare(repository):
        return (check_address(origin),)
    with contextlib.suppress(StandardError):
        return (check_address(origin), str(folder))
    return (str(folder),)


def _is_bare(repository: git.Repository) -> bool:
    """Return whether a repository has no work tree, as one that others clone."""
    return repository.ask("rev-parse", "--is-bare-repository") == "true"


def _is_address(text: str) -> bool:
    return "://" in text or ":" in text.partition("/")[0]
