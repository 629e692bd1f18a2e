"""A project made in a folder that is there: all of it comes, or nothing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from stackgen import git, signals
from stackgen.changes import recovery, transaction
from stackgen.changes.files import fingerprint, is_directory
from stackgen.changes.folder import Folder
from stackgen.changes.journal import Move
from stackgen.changes.staging import MARK
from stackgen.changes.work_tree import WorkTree, find_work_tree
from stackgen.errors import DestinationError, ProjectError, RenderError
from stackgen.progress import step
from stackgen.project import dotenv, repository
from stackgen.project.existing import Way
from stackgen.project.fitting import Fitted, fit
from stackgen.project.occupants import documents, in_the_way
from stackgen.project.repository import NOTHING, GitState
from stackgen.template.rendering import ANSWERS_FILE


class Filled(NamedTuple):
    """What came into a folder, and what became of git."""

    fitted: Fitted
    state: GitState


def fill(folder: Path, draft: Callable[[Path], None], way: Way | None, *, with_git: bool) -> Filled:
    """Make a project in a folder, which stays the same one.

    Args:
        folder: The folder; it holds nothing, or what is no obstacle.
        draft: Renders the project into a directory that it makes.
        way: What is to become of files that are there; nothing where nobody said so.
        with_git: Commit it: to the folder's own repository, or to a new one.

    Raises:
        DestinationError: The folder cannot be used. An `ExistingFilesError` where it must be said
            what is to become of files that are there.
        ProjectError: git is at work there, or in the middle of something.
        RenderError: It failed while working; nothing was kept.
        OSError: It failed while working; nothing was kept.
    """
    whole = Folder(top=folder)
    with contextlib.ExitStack() as stack:
        stack.enter_context(whole.locked())
        if obstacle := in_the_way(folder):
            raise DestinationError(f"`{folder / obstacle}` came in the way meanwhile.")
        work_tree = check_repository(folder) if with_git else None
        if work_tree:
            stack.enter_context(work_tree.locked())
        place = work_tree or whole
        stage = stack.enter_context(transaction.staging(place))
        new = stage / "new"
        new.rmdir()
        draft(new)
        fitted = fit(folder, new, way)
        moves = [
            Move(path, before=fingerprint(folder / path), after=fingerprint(new / path))
            for path in sorted(fitted.coming, key=lambda path: (path == ANSWERS_FILE, path))
        ]
        state, reference = repository.left_alone(folder), NOTHING
        committed = [path for path in fitted.coming if path != dotenv.FILE]
        with step("Making the git repository"):
            if work_tree:
                state, reference = repository.stage_commit(work_tree, stage, committed)
            elif with_git and git.available() and not state.root:
                staying = [path for path in documents(folder) if path not in fitted.coming]
                state = repository.stage_repository(stage, folder, committed, staying)
        with signals.finishing(f"`{folder}` is made."):
            transaction.apply(place, stage, moves, reference)
        if work_tree:
            state = repository.checked(state, work_tree, reference)
        return Filled(fitted, state)


def check_repository(folder: Path) -> WorkTree | None:
    """Return a folder's own repository, if one commit more may go there; nothing without one.

    Raises:
        DestinationError: It is bare, holds other files, or has changes that are not committed.
        ProjectError: git cannot read it, or is in the middle of something there.
    """
    return repository.open_repository(folder) if os.path.lexists(folder / ".git") else None


def move_back(folder: Path) -> None:
    """Put right what a run left in a folder that was killed half way; nothing else is written.

    Args:
        folder: The folder, whether it exists or not.

    Raises:
        ProjectError: Another run is at work there, or a file of it was edited since.
        RenderError: It cannot be put right.
    """
    try:
        if not is_directory(folder):
            return
        if _holds_stage(folder):
            whole = Folder(top=folder.resolve())
            with whole.locked():
                recovery.recover(whole)
        if os.path.lexists(folder / ".git"):
            _move_back_in_repository(folder)
    except OSError as error:
        raise RenderError(
            f"What an interrupted run left in `{folder}` cannot be moved back: {error.strerror}."
        ) from error


def _move_back_in_repository(folder: Path) -> None:
    git_dir = folder / ".git"
    if git_dir.is_dir() and not (_holds_stage(git_dir) or _holds_stage(folder)):
        return
    try:
        work_tree = find_work_tree(folder, committed=False)
    except ProjectError:
        return  # Whoever needs the repository will say what is wrong with it.
    if any(_holds_stage(place) for place in work_tree.stages):
        with work_tree.locked():
            recovery.recover(work_tree)


def _holds_stage(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(MARK in entry.name for entry in entries)
    except PermissionError:  # Whoever needs the folder will say that it may not be read.
        return False
