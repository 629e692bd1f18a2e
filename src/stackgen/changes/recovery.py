"""What becomes of a transaction that was killed: it is moved back, or finished."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from stackgen.changes.files import (
    files_in,
    fingerprint,
    is_directory,
    make_room,
    move,
    prune,
    refuse_linked,
)
from stackgen.changes.guard import listed
from stackgen.changes.journal import Journal, Move
from stackgen.changes.place import Place
from stackgen.changes.staging import JOURNAL, abandoned, remove_abandoned
from stackgen.errors import ProjectError, RenderError

_COMMITTED = "committed"


def pending(place: Place) -> list[str]:
    """Return the files of a transaction that was killed half way, relative to the top."""
    return [
        move.path
        for stage, journal in _abandoned(place)
        if not _is_committed(place, stage, journal)
        for move in journal.moves
    ]


def recover(place: Place) -> list[Journal]:
    """Move everything back after a transaction that was killed, or finish it where it was made.

    Returns:
        The journals of those that were moved back.

    Raises:
        ProjectError: A file of it was edited since.
        RenderError: It cannot be moved back.
    """
    moved_back: list[Journal] = []
    for stage, journal in _abandoned(place):
        try:
            if _is_committed(place, stage, journal):
                finish(place, stage, journal)
            else:
                roll_back(place, stage, journal)
                moved_back.append(journal)
        except OSError as error:
            raise RenderError(
                f"An interrupted run cannot be moved back: {error}. Its files are in `{stage}`."
            ) from error
        shutil.rmtree(stage, ignore_errors=True)
    for parent in place.stages:
        remove_abandoned(parent)
    return moved_back


def _abandoned(place: Place) -> Iterator[tuple[Path, Journal]]:
    for parent in place.stages:
        for stage in abandoned(parent):
            if not (stage / JOURNAL).exists():
                continue
            journal = Journal.read(stage, is_private=place.is_private(parent))
            if journal.place == place.kind:
                yield stage, journal


def _is_committed(place: Place, stage: Path, journal: Journal) -> bool:
    if (stage / _COMMITTED).exists():
        return True
    moved = all(_is_made(stage, each) for each in journal.moves)
    return place.is_concluded(stage, moved=moved)


def _is_made(stage: Path, each: Move) -> bool:
    gone = not each.before or os.path.lexists(stage / "old" / each.path)
    came = not each.after or not os.path.lexists(stage / "new" / each.path)
    return gone and came


def roll_back(place: Place, stage: Path, journal: Journal) -> None:
    """Undo as many of the moves as were made, the last one first."""
    top, new, old = place.top, stage / "new", stage / "old"
    refuse_linked(top, (each.path for each in journal.moves))
    if edited := list(_edited(top, stage, journal)):
        raise ProjectError(
            f"A run was interrupted, and {listed(edited)} edited since. Move your edits away; the "
            "next run moves the rest back first."
        )
    for each in reversed(journal.moves):
        if each.after:
            if not os.path.lexists(new / each.path) and os.path.lexists(top / each.path):
                move(top / each.path, new / each.path)
            # Also those of a file that did not come any more: they were made before it.
            for folder in (top / each.path).parents:
                if folder.relative_to(top).as_posix() not in journal.made:
                    break
                make_room(folder)
        if each.before and os.path.lexists(old / each.path):
            move(old / each.path, top / each.path)
    place.unlock(stage)
    (stage / JOURNAL).unlink()


def _edited(top: Path, stage: Path, journal: Journal) -> Iterator[str]:
    """Yield the files that moving back would overwrite or take away, though a person wrote them."""
    came = {
        each.path: each.after
        for each in journal.moves
        if each.after and not os.path.lexists(stage / "new" / each.path)
    }
    for path, expected in came.items():
        if is_directory(top / path) or fingerprint(top / path) not in {"", expected}:
            yield path
    for each in journal.moves:
        went = each.before and os.path.lexists(stage / "old" / each.path)
        if each.path in came or not went:
            continue
        place = top / each.path
        if is_directory(place):
            inside = (file.relative_to(top).as_posix() for file in files_in(place))
            yield from (path for path in inside if path not in came)
        elif os.path.lexists(place):
            yield each.path


def finish(place: Place, stage: Path, journal: Journal) -> None:
    """Tidy up after a change that was made."""
    (stage / _COMMITTED).touch()
    place.set_reference(journal.reference)
    prune(place.top, [each.path for each in journal.moves if not each.after])
    (stage / JOURNAL).unlink()
