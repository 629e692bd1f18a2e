"""Private directories in which work is prepared: gone when it ends, whatever ends it.

Each is locked for as long as its owner lives. One whose owner was killed is found unlocked by the
next run, and removed then.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stackgen.errors import ProjectError, RenderError

if sys.platform != "win32":
    import fcntl

MARK = "stackgen-staging-"
_TOKEN = re.compile(rf"{MARK}[0-9a-f]{{16}}")

JOURNAL = "journal.json"
"""A file in a staging directory that must be read before the directory may go."""


@contextlib.contextmanager
def staging_directory(parent: Path, prefix: str = "") -> Iterator[Path]:
    """Make a private directory for as long as the context lasts.

    What is in it stays when it holds a `JOURNAL` at the end: it is needed then.

    Args:
        parent: Where to make it; those of dead owners are removed from there first.
        prefix: What its name begins with.

    Raises:
        OSError: It cannot be made.
    """
    remove_abandoned(parent)
    directory, descriptor = parent, None
    try:
        while True:
            # Named before it is made: whenever a signal comes, it is known what to remove.
            directory = parent / f"{prefix}{MARK}{secrets.token_hex(8)}"
            directory.mkdir(mode=0o700)
            with contextlib.suppress(BlockingIOError):
                descriptor = lock_directory(directory)
                if directory.exists():
                    break
                if descriptor is not None:
                    os.close(descriptor)
                    descriptor = None
            # Another run took it for abandoned, before it was locked: as often as that happens.
        yield directory
    finally:
        if directory != parent and not (directory / JOURNAL).exists():
            shutil.rmtree(directory, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


@contextlib.contextmanager
def temporary_directory() -> Iterator[Path]:
    """Make a staging directory where the system keeps temporary files; see `staging_directory`.

    Raises:
        RenderError: It cannot be made.
    """
    with contextlib.ExitStack() as stack:
        try:
            directory = stack.enter_context(staging_directory(Path(tempfile.gettempdir())))
        except OSError as error:
            raise RenderError(f"No temporary folder can be made: {error.strerror}.") from error
        yield directory


def abandoned(parent: Path) -> Iterator[Path]:
    """Yield the staging directories in `parent` whose owner is dead, each locked meanwhile."""
    try:
        names = sorted(entry.name for entry in os.scandir(parent) if MARK in entry.name)
    except OSError:
        return
    for name in names:
        directory = parent / name
        if not (_TOKEN.search(name) and _is_ours(directory)):
            continue
        try:
            descriptor = lock_directory(directory)
        except BlockingIOError:
            continue
        if descriptor is not None:
            try:
                yield directory
            finally:
                os.close(descriptor)
        elif (directory / JOURNAL).exists():
            # Without locks nobody can tell who is dead; but a journal stays for milliseconds.
            yield directory


def remove_abandoned(parent: Path) -> None:
    """Remove the staging directories in `parent` whose owner is dead and left no journal."""
    for directory in abandoned(parent):
        if not (directory / JOURNAL).exists():
            shutil.rmtree(directory, ignore_errors=True)


def lock_directory(directory: Path) -> int | None:
    """Lock a directory for as long as the process lives or the descriptor is open.

    Returns:
        The descriptor; nothing where the system or the file system has no such locks.

    Raises:
        BlockingIOError: Somebody else holds the lock.
    """
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def exclusive(directory: Path, place: Path) -> Iterator[None]:
    """Keep other runs of stackgen away from a place for as long as the context lasts.

    Args:
        directory: What is locked for it.
        place: What the place is called.

    Raises:
        ProjectError: One is at work.
    """
    try:
        descriptor = lock_directory(directory)
    except BlockingIOError:
        raise ProjectError(
            f"Another stackgen is at work in `{place}`. Try again when it has ended."
        ) from None
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _is_ours(directory: Path) -> bool:
    """Whether it is a directory, no link to one, and this user's."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    user = os.geteuid() if hasattr(os, "geteuid") else found.st_uid
    return stat.S_ISDIR(found.st_mode) and found.st_uid == user
