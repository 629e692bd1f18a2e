"""What a change must not touch: whatever is in no commit, and what git is in the middle of."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from stackgen.changes.change_set import ChangeSet
from stackgen.changes.files import files_in, is_directory
from stackgen.changes.work_tree import WorkTree
from stackgen.errors import ProjectError

_LISTED = 10


def refuse_busy(work_tree: WorkTree, *, then: str = "update") -> None:
    """Refuse a repository that git works in, or that is in the middle of something.

    Args:
        work_tree: Where.
        then: What can be done once that is over, in words.

    Raises:
        ProjectError: It names the operation, or the files in conflict.
    """
    unmerged = work_tree.unmerged()
    in_conflict = f" In conflict: {listed(unmerged)}." if unmerged else ""
    if operation := work_tree.operation:
        raise ProjectError(
            f"`{work_tree.top}` is in the middle of a {operation}.{in_conflict} Finish it or "
            f"abort it, as `git status` says; then {then}."
        )
    if unmerged:
        raise ProjectError(
            f"`{work_tree.project}` has files in conflict: {listed(unmerged)}. Edit them, "
            f"`git add` or `git rm` each, and commit; then {then}."
        )
    if work_tree.index_lock.exists():
        raise ProjectError(
            f"git is at work in `{work_tree.top}`: `{work_tree.index_lock}` exists. "
            "Try again when it has ended."
        )


def refuse_uncommitted(
    work_tree: WorkTree,
    changes: ChangeSet,
    *,
    moved: Collection[str] = (),
    read: Collection[str] = (),
) -> None:
    """Refuse a change that would touch what is not committed.

    Args:
        work_tree: Where.
        changes: What is to change.
        moved: Files, relative to the top, that are going to be put back before the change.
        read: Files of the project that the change goes by, whether it changes them or not.

    Raises:
        ProjectError: A file that changes has uncommitted changes, one that comes is there already,
            or a submodule is in its place.
    """
    if changes.submodules:
        raise ProjectError(
            f"The update brings files where submodules are: {listed(changes.submodules)}. "
            "Move them away with `git mv`, and commit."
        )
    present = [work_tree.prefix + path for path in changes.paths if path in changes.before]
    edited = {*_differing(work_tree, present), *_hidden_edits(work_tree, changes, present)}
    if edited := edited.difference(moved):
        raise ProjectError(
            f"The update changes files with uncommitted changes: {listed(edited)}. "
            "Commit or stash them first."
        )
    edited = {*_differing(work_tree, [work_tree.prefix + path for path in read])}
    if edited := edited.difference(moved):
        raise ProjectError(
            f"The update goes by files with uncommitted changes: {listed(edited)}. "
            "Commit or stash them first, and what came with them."
        )
    # Of committed files, too: git may have been told to overlook what became of their folder.
    obstacles = {
        obstacle for path in changes.paths for obstacle in _obstacles(work_tree, changes, path)
    }
    if obstacles := obstacles.difference(moved):
        raise ProjectError(
            f"The update changes files where others are that git does not track: "
            f"{listed(obstacles)}. Commit them, or move them away."
        )


def listed(paths: Iterable[str]) -> str:
    """Return paths as a message shows them: sorted, in backticks, and not all of very many."""
    ordered = sorted(paths)
    more = f" and {len(ordered) - _LISTED} more" if len(ordered) > _LISTED else ""
    return ", ".join(f"`{path}`" for path in ordered[:_LISTED]) + more


def _differing(work_tree: WorkTree, paths: list[str]) -> list[str]:
    if not paths:
        return []
    options = ("--porcelain", "-z", "--untracked-files=no", "--no-renames")
    return [line[3:] for line in work_tree.git.records("status", *options, "--", *paths)]


def _hidden_edits(work_tree: WorkTree, changes: ChangeSet, paths: list[str]) -> Iterator[str]:
    """Yield files that differ although git was told to assume that they do not."""
    lines = work_tree.git.records("ls-files", "-v", "-z", "--", *paths) if paths else []
    for tag, path in ((line[0], line[2:]) for line in lines):
        if (tag.islower() or tag == "S") and (work_tree.top / path).is_file():
            entry = changes.before[path.removeprefix(work_tree.prefix)]
            if work_tree.git.text("hash-object", "--", path) != entry.name:
                yield path


def _obstacles(work_tree: WorkTree, changes: ChangeSet, path: str) -> Iterator[str]:
    """Yield what is in the place of one of a file's directories, or of a file that comes."""
    project, prefix = work_tree.project, work_tree.prefix
    parts = Path(path).parts
    for depth in range(1, len(parts)):
        parent = Path(*parts[:depth])
        goes = parent.as_posix() in changes.before and parent.as_posix() not in changes.after
        place = project / parent
        if os.path.lexists(place) and not goes and (not is_directory(place)):
            yield prefix + parent.as_posix()
            return
    comes = path in changes.after and path not in changes.before
    if not (comes and os.path.lexists(project / path)):
        return
    inside = any(name.startswith(f"{path}/") for name in changes.before)
    if not inside or not is_directory(project / path):
        yield prefix + path
        return
    # A directory makes room for a file when all that is in it goes.
    for file in files_in(project / path):
        name = file.relative_to(project).as_posix()
        if name not in changes.before or name in changes.after:
            yield prefix + name
