"""Changing files of a work tree: all of them, or none.

Everything is prepared in a staging directory on the same file system: what comes in `new`, git's
index as it will be in `index`. Then git's index is locked, the files are moved, those that go into
`old`, and the lock takes the index's place: that last rename is what makes the change. A failure
before it moves everything back. After a process that was killed the next one does, or finishes
what was changed already, by the journal that it left.

git's own update of a work tree (`git read-tree -m -u`) is not used: it writes into the work tree
while it may still fail, so that a full disk or a killed process would leave files half written.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from stackgen.changes.files import fingerprint, make_room, move
from stackgen.changes.journal import Journal, Move, Reference
from stackgen.changes.recovery import finish, roll_back
from stackgen.changes.staging import JOURNAL, staging_directory
from stackgen.changes.work_tree import WorkTree
from stackgen.errors import ProjectError, RenderError


@contextlib.contextmanager
def staging(work_tree: WorkTree) -> Iterator[Path]:
    """Make a staging directory for a transaction, on the file system of the project.

    Raises:
        RenderError: It cannot be made.
    """
    same = work_tree.git_dir.stat().st_dev == work_tree.project.stat().st_dev
    place = work_tree.git_dir if same else work_tree.project
    with contextlib.ExitStack() as stack:
        try:
            stage = stack.enter_context(staging_directory(place))
            (stage / "new").mkdir()
            (stage / "old").mkdir()
        except OSError as error:
            raise RenderError(
                f"`{place}` cannot be written to: {error.strerror}. Nothing was changed."
            ) from error
        yield stage


def apply(
    work_tree: WorkTree,
    stage: Path,
    moves: Sequence[Move],
    reference: Reference,
    *,
    takes_back: bool = False,
) -> None:
    """Make the moves and give git the index that are prepared in a staging directory.

    Args:
        work_tree: Where.
        stage: The staging directory.
        moves: In the order in which to make them; what only goes makes room first.
        reference: Set once the change is made.
        takes_back: Whether it takes an earlier change back.

    Raises:
        ProjectError: git is at work, or a file changed meanwhile; nothing was changed.
        RenderError: It failed, and could not be moved back either.
        OSError: It failed; everything was moved back.
    """
    made = list(_missing_directories(work_tree.top, moves))
    journal = Journal(moves, made, reference, takes_back)
    journal.write(stage)
    try:
        _lock_index(work_tree, stage)
    except BaseException:
        (stage / JOURNAL).unlink()
        raise
    try:
        _refuse_changed(work_tree, stage)
        for each in moves:
            _make(work_tree.top, stage, each)
        work_tree.index_lock.rename(work_tree.index)
    except BaseException as error:
        try:
            roll_back(work_tree, stage, journal)
        except (OSError, ProjectError) as second:
            raise RenderError(
                f"The update failed: {error}. Its files are in `{stage}`; the next update moves "
                "them back first."
            ) from second
        raise
    # What is left is tidying up. If it fails, the next run does it.
    with contextlib.suppress(OSError, RenderError):
        finish(work_tree, stage, journal)


def _make(top: Path, stage: Path, each: Move) -> None:
    if fingerprint(top / each.path) != each.before:
        raise ProjectError(f"`{each.path}` changed meanwhile. Run the update again.")
    if each.before:
        move(top / each.path, stage / "old" / each.path)
    if each.after:
        make_room(top / each.path)
        move(stage / "new" / each.path, top / each.path)


def _missing_directories(top: Path, moves: Sequence[Move]) -> Iterator[str]:
    """Yield the directories that files which come bring with them, relative to the top."""
    paths = [Path(each.path) for each in moves if each.after]
    for parent in sorted({parent for path in paths for parent in path.parents}):
        if not (top / parent).is_dir():
            yield parent.as_posix()


def _lock_index(work_tree: WorkTree, stage: Path) -> None:
    """Keep git from the index, by a lock that already is the new index."""
    lock = work_tree.index_lock
    try:
        try:
            os.link(stage / "index", lock)
        except FileExistsError:
            raise
        except OSError:  # Another file system, or one without links.
            with lock.open("xb") as file:
                file.write((stage / "index").read_bytes())
    except FileExistsError:
        raise ProjectError(
            f"git is at work in `{work_tree.top}`: `{lock}` exists. Try again when it has ended."
        ) from None
    except OSError:
        lock.unlink(missing_ok=True)
        raise


def _refuse_changed(work_tree: WorkTree, stage: Path) -> None:
    """Refuse what git did since the transaction was prepared."""
    index, copy = work_tree.index, stage / "index.before"
    same = index.exists() == copy.exists()
    if same and copy.exists():
        same = index.read_bytes() == copy.read_bytes()
    if not same or work_tree.git.text("rev-parse", "HEAD") != work_tree.head:
        raise ProjectError(f"`{work_tree.top}` changed meanwhile. Run the update again.")
