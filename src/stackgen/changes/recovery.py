"""What becomes of a transaction that was killed: it is moved back, or finished."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from stackgen.changes.files import files_in, fingerprint, is_directory, make_room, move, prune
from stackgen.changes.guard import listed
from stackgen.changes.journal import Journal, Move
from stackgen.changes.staging import JOURNAL, abandoned, remove_abandoned
from stackgen.changes.work_tree import WorkTree
from stackgen.errors import ProjectError, RenderError

_COMMITTED = "committed"


def pending(work_tree: WorkTree) -> list[str]:
    """Return the files of a transaction that was killed half way, relative to the top."""
    return [
        move.path
        for stage in _abandoned(work_tree)
        if not _is_committed(work_tree, stage, journal := Journal.read(stage))
        for move in journal.moves
    ]


def recover(work_tree: WorkTree) -> list[Journal]:
    """Move everything back after a transaction that was killed, or finish it where it was made.

    Returns:
        The journals of those that were moved back.

    Raises:
        ProjectError: A file of it was edited since.
        RenderError: It cannot be moved back.
    """
    moved_back: list[Journal] = []
    for stage in _abandoned(work_tree):
        try:
            journal = Journal.read(stage)
            if _is_committed(work_tree, stage, journal):
                finish(work_tree, stage, journal)
            else:
                roll_back(work_tree, stage, journal)
                moved_back.append(journal)
        except OSError as error:
            raise RenderError(
                f"An interrupted update cannot be moved back: {error}. Its files are in `{stage}`."
            ) from error
        shutil.rmtree(stage, ignore_errors=True)
    for place in {work_tree.git_dir, work_tree.project}:
        remove_abandoned(place)
    return moved_back


def _abandoned(work_tree: WorkTree) -> Iterator[Path]:
    for place in {work_tree.git_dir, work_tree.project}:
        for stage in abandoned(place):
            if (stage / JOURNAL).exists():
                yield stage


def _is_own_lock(work_tree: WorkTree, stage: Path) -> bool:
    lock, index = work_tree.index_lock, stage / "index"
    if not (lock.is_file() and index.is_file()):
        return False
    return lock.samefile(index) or lock.read_bytes() == index.read_bytes()


def _is_committed(work_tree: WorkTree, stage: Path, journal: Journal) -> bool:
    if (stage / _COMMITTED).exists():
        return True
    # Where the lock is gone it became the index, or somebody removed it before that.
    is_made = all(_is_made(stage, each) for each in journal.moves)
    return is_made and not _is_own_lock(work_tree, stage)


def _is_made(stage: Path, each: Move) -> bool:
    gone = not each.before or os.path.lexists(stage / "old" / each.path)
    came = not each.after or not os.path.lexists(stage / "new" / each.path)
    return gone and came


def roll_back(work_tree: WorkTree, stage: Path, journal: Journal) -> None:
    """Undo as many of the moves as were made, the last one first."""
    top, new, old = work_tree.top, stage / "new", stage / "old"
    if edited := list(_edited(top, stage, journal)):
        raise ProjectError(
            f"An update was interrupted, and {listed(edited)} edited since. Move your edits away; "
            "the next update moves the rest back first."
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
    if _is_own_lock(work_tree, stage):
        work_tree.index_lock.unlink()
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


def finish(work_tree: WorkTree, stage: Path, journal: Journal) -> None:
    """Tidy up after a change that was made."""
    (stage / _COMMITTED).touch()
    name, target = journal.reference.name, journal.reference.object
    work_tree.git.run(*("update-ref", name, target) if target else ("update-ref", "-d", name))
    prune(work_tree.top, [each.path for each in journal.moves if not each.after])
    (stage / JOURNAL).unlink()
