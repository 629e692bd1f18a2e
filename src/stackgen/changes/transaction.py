"""Changing files of a work tree: all of them, or none.

Everything is prepared in a staging directory on the same file system: what comes in `new`, git's
index as it will be in `index`. Then git's index is locked, the files are moved, those that go into
`old`, and the lock takes the index's place: that last rename is what makes the change. In a folder
whose index is left alone another last step does that (`folder.py`). A failure before it moves
everything back. After a process that was killed the next one does, or finishes
what was changed already, by the journal that it left.

git's own update of a work tree (`git read-tree -m -u`) is not used: it writes into the work tree
while it may still fail, so that a full disk or a killed process would leave files half written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from stackgen.changes.files import fingerprint, make_room, move
from stackgen.changes.journal import Journal, Move, Reference
from stackgen.changes.place import Place
from stackgen.changes.recovery import finish, roll_back
from stackgen.changes.staging import JOURNAL, staging_directory
from stackgen.errors import ProjectError, RenderError


@contextlib.contextmanager
def staging(place: Place) -> Iterator[Path]:
    """Make a staging directory for a transaction, on the file system of the project.

    Raises:
        RenderError: It cannot be made.
    """
    device = place.project.stat().st_dev
    parent = next(each for each in place.stages if each.stat().st_dev == device)
    with contextlib.ExitStack() as stack:
        try:
            stage = stack.enter_context(staging_directory(parent))
            (stage / "new").mkdir()
            (stage / "old").mkdir()
            place.prepare(stage)
        except OSError as error:
            raise RenderError(
                f"`{parent}` cannot be written to: {error.strerror}. Nothing was changed."
            ) from error
        yield stage


def apply(
    place: Place,
    stage: Path,
    moves: Sequence[Move],
    reference: Reference,
    *,
    takes_back: bool = False,
) -> None:
    """Make the moves, and what concludes them, that are prepared in a staging directory.

    Args:
        place: Where.
        stage: The staging directory.
        moves: In the order in which to make them; what only goes makes room first.
        reference: Set once the change is made.
        takes_back: Whether it takes an earlier change back.

    Raises:
        ProjectError: git is at work, or a file changed meanwhile; nothing was changed.
        RenderError: It failed, and could not be moved back either.
        OSError: It failed; everything was moved back.
    """
    made = list(_missing_directories(place.top, moves))
    journal = Journal(moves, made, reference, takes_back, place.kind)
    journal.write(stage)
    try:
        place.lock(stage)
    except BaseException:
        (stage / JOURNAL).unlink()
        raise
    try:
        place.refuse_changed(stage)
        for each in moves:
            _make(place.top, stage, each)
        place.conclude(stage)
    except BaseException as error:
        try:
            roll_back(place, stage, journal)
        except (OSError, ProjectError) as second:
            raise RenderError(
                f"It failed: {error}. Its files are in `{stage}`; the next run moves them back "
                "first."
            ) from second
        raise
    # What is left is tidying up. If it fails, the next run does it.
    with contextlib.suppress(OSError, RenderError):
        finish(place, stage, journal)


def _make(top: Path, stage: Path, each: Move) -> None:
    if fingerprint(top / each.path) != each.before:
        raise ProjectError(f"`{each.path}` changed meanwhile. Run it again.")
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
