"""What a merge makes of each file."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from stackgen.updating.merge import Merge
from stackgen.updating.outcome import FileState, FileUpdate


def untracked_files(project: Path, merge: Merge) -> list[str]:
    """Return files of the template that are there although git does not have them: ignored ones."""
    gone = merge.old.keys() - merge.changes.before.keys() - merge.changes.after.keys()
    return sorted(path for path in gone if _is_there(project, path))


def _is_there(project: Path, path: str) -> bool:
    """Whether a file lies at that very path, and not beyond a link of the user's."""
    place = project / path
    linked = any(parent.is_symlink() for parent in place.parents if parent.is_relative_to(project))
    return os.path.lexists(place) and not linked


def file_states(merge: Merge, untracked: Collection[str]) -> Iterator[FileUpdate]:
    """Yield every file of the template or of the change, sorted, with what becomes of it.

    Args:
        merge: The merge.
        untracked: Files of the template that are there, but not in git.
    """
    for path in sorted({*merge.old, *merge.new, *merge.changes.paths}):
        state = _state(merge, path, is_untracked=path in untracked)
        if state:
            yield FileUpdate(path=path, state=state)


def _state(merge: Merge, path: str, *, is_untracked: bool) -> FileState | None:
    changes = merge.changes
    old, before, new, after = (
        tree.get(path) for tree in (merge.old, changes.before, merge.new, changes.after)
    )
    if path in changes.conflicts:
        return "conflict"
    if before == after:
        if before or is_untracked:
            return "unchanged"
        return "kept-deleted" if new else None
    if not after:
        return "deleted"
    if not before:
        return "added" if after == new else "merged"
    return "updated" if before == old else "merged"
