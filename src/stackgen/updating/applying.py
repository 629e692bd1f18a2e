"""Making an update, and taking it back: a project is changed whole, or not at all."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stackgen import signals
from stackgen.changes import checkout, recovery, transaction, undo_record
from stackgen.changes.staging import remove_abandoned
from stackgen.changes.undo import Undone, undo
from stackgen.changes.work_tree import WorkTree, find_work_tree
from stackgen.errors import ProjectError, RenderError
from stackgen.progress import step
from stackgen.project.filling import move_back
from stackgen.project.folder import find_folder, is_folder
from stackgen.project.record import open_project
from stackgen.team.following import Move
from stackgen.team.jinja import Jinja
from stackgen.template import source
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.source import Source
from stackgen.updating.outcome import Update
from stackgen.updating.planning import (
    Goal,
    Prepared,
    check_update,
    checked_move,
    prepared,
    renders_of,
)
from stackgen.updating.refusals import refuse_unfinished, undo_command


def update(
    path: Path,
    changes: Mapping[str, Any] | None = None,
    *,
    discard_edits: bool = False,
    template: Source | None = None,
    move: Move | None = None,
) -> Update:
    """Update a project: it is changed whole, or not at all.

    The files are changed in the work tree and not committed; conflicts are ordinary unmerged
    files of git's.

    Args:
        path: The project's directory.
        changes: Options to change: id to value.
        discard_edits: Let edited files go that the template has no more.
        template: The source to update from; the installed one unless given.
        move: The standards of the update; it must be given where the project follows one.

    Raises:
        ProjectError: The project cannot be updated as it is; nothing was changed. A `DiscardError`
            where files with edits would go.
        OptionError: An option or value is not allowed; nothing was changed.
        StandardError: The standard does not allow it, or cannot be used; nothing was changed.
        RenderError: Copier or git failed; nothing was changed.
    """
    template = template or source.installed()
    with recovered(path):
        project = open_project(path, template)
        move = checked_move(project, move)
        work_tree = find_work_tree(project.path)
        refuse_unfinished(project, work_tree)
        if project.tag == template.tag and not changes and not move.changes:
            return check_update(path, template=template, move=move)
        with contextlib.ExitStack() as stack:
            goal = Goal(
                renders=stack.enter_context(renders_of(template)),
                jinja=stack.enter_context(Jinja()),
                changes=changes or {},
                move=move,
                discard_edits=discard_edits,
            )
            ready = stack.enter_context(prepared(project, work_tree, goal))
            if not ready.merge.changes.paths:
                return ready.update
            with step("Changing the files"):
                _make(ready)
            return replace(ready.update, undo=undo_command(project.path))


def undo_update(path: Path, *, discard_edits: bool = False) -> Undone:
    """Take the last update of a project back.

    Every file that is still as the update wrote it gets its bytes, its mode and its place in git's
    index of before, wherever HEAD is by now; every other one is kept, and named in the result.

    Args:
        path: The project's directory.
        discard_edits: Take back the files that were changed since, too.

    Raises:
        ProjectError: There is no update to take back, or nothing of it is left.
        RenderError: It failed; nothing was changed.
    """
    path = find_folder(path)
    remove_abandoned(Path(tempfile.gettempdir()))
    work_tree = find_work_tree(path)
    with work_tree.locked(), _failures():
        # An update that was killed half way is taken back by being moved back.
        moved_back = [each for each in recovery.recover(work_tree) if not each.takes_back]
        if moved_back:
            return Undone(files=tuple(move.path for each in moved_back for move in each.moves))
        with signals.finishing(f"The last update of `{path}` is undone."):
            return undo(work_tree, discard_edits=discard_edits)


def _make(ready: Prepared) -> None:
    work_tree, changes = ready.work_tree, ready.merge.changes
    with transaction.staging(work_tree) as stage:
        checkout.stage_files(work_tree, changes, stage)
        moves = checkout.moves(work_tree, changes, ready.present, stage, last=ANSWERS_FILE)
        checkout.stage_index(work_tree, changes, stage, ready.store.git)
        reference = undo_record.keep(work_tree, stage, moves)
        way_back = undo_command(ready.update.path)
        with signals.finishing(f"`{ready.update.path}` is updated; `{way_back}` takes that back."):
            transaction.apply(work_tree, stage, moves, reference)


@contextlib.contextmanager
def recovered(path: Path) -> Iterator[None]:
    """Keep other updates away, and put back first what one that was killed took away.

    Args:
        path: The project's directory, if it is one at all.

    Raises:
        RenderError: It cannot be put back.
    """
    remove_abandoned(Path(tempfile.gettempdir()))
    if is_folder(path):
        move_back(path.resolve())
    work_tree = _work_tree_of(path)
    if work_tree is None:  # Whether it is a project at all is a question that comes first.
        yield
        return
    with work_tree.locked():
        with _failures():
            recovery.recover(work_tree)
        yield


def _work_tree_of(path: Path) -> WorkTree | None:
    try:
        return find_work_tree(path.resolve()) if is_folder(path) else None
    except (ProjectError, OSError):
        return None


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenderError(
            f"The update cannot be taken back: {reason}. Nothing was changed."
        ) from error
