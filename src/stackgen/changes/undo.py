"""Taking a change back: every file that is still as the change wrote it, and no other."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stackgen.changes.checkout import copy_index, index_entries, write_entries
from stackgen.changes.files import files_in, fingerprint, is_directory
from stackgen.changes.guard import listed
from stackgen.changes.journal import Move, Reference
from stackgen.changes.transaction import apply, staging
from stackgen.changes.undo_record import Entries, FileRecord, read_record, reference
from stackgen.changes.work_tree import WorkTree
from stackgen.errors import ProjectError
from stackgen.git import OFFLINE
from stackgen.git_objects import read_objects


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back.

    Attributes:
        files: The files that are as they were before the change, relative to the top.
        kept: Those that are no longer as the change wrote them, and were left as they are.
    """

    files: tuple[str, ...]
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Present:
    """What a file is now: its fingerprint, and what the index and HEAD have for it."""

    fingerprint: str
    index: Entries
    head: Entries


def undo(work_tree: WorkTree, *, discard_edits: bool = False) -> Undone:
    """Take the last change back: bytes, mode and place in the index of each of its files.

    Args:
        work_tree: Where.
        discard_edits: Take back the files that were changed since, too; what became of them is
            lost where no commit has it.

    Raises:
        ProjectError: Nothing of a change is left that can be taken back, or git is at work.
        RenderError: git failed; nothing was changed.
        OSError: It failed; nothing was changed.
    """
    files = read_record(work_tree)
    present = _look(work_tree, [file.path for file in files])
    touched = [file for file in files if not _is_back(file, present[file.path])]
    going = {
        file.path: file
        for file in touched
        if discard_edits or _is_untouched(work_tree, file, present[file.path])
    }
    while blocked := [path for path in going if _is_blocked(work_tree, going, path)]:
        for path in blocked:
            del going[path]
    kept = tuple(file.path for file in touched if file.path not in going)
    if not going:
        remedy = "discard_edits" if kept else ""
        raise ProjectError(_nothing_left(work_tree, kept), remedy=remedy)
    with staging(work_tree) as stage:
        moves = _stage(work_tree, stage, list(going.values()), present)
        name = reference(work_tree)
        remaining = work_tree.git.ask("rev-parse", "--verify", name) if kept else ""
        apply(work_tree, stage, moves, Reference(name, remaining), takes_back=True)
    return Undone(files=tuple(sorted(going)), kept=kept)


def _nothing_left(work_tree: WorkTree, kept: Sequence[str]) -> str:
    if not kept:
        return f"`{work_tree.project}` has no update to undo."
    return (
        f"Nothing of the last update of `{work_tree.project}` can be taken back: {listed(kept)} "
        "changed since, and the rest is as it was before."
    )


def _look(work_tree: WorkTree, paths: Sequence[str]) -> Mapping[str, _Present]:
    index = index_entries(work_tree, paths)
    head: dict[str, Entries] = {}
    for line in work_tree.git.records("ls-tree", "-z", "HEAD", "--", *paths) if paths else []:
        fields, path = line.split("\t", 1)
        mode, _, name = fields.split()
        head[path] = [[mode, name, "0"]]
    return {
        path: _Present(fingerprint(work_tree.top / path), index.get(path, []), head.get(path, []))
        for path in paths
    }


def _is_back(file: FileRecord, present: _Present) -> bool:
    """Whether a file is as it was before the change, or as if there had been none."""
    left_by_change = present.index == file.index_after != file.index_before
    return present.fingerprint == file.before and not left_by_change


def _is_untouched(work_tree: WorkTree, file: FileRecord, present: _Present) -> bool:
    """Whether a file is as the change wrote it, and the index has nothing that is only there."""
    if present.fingerprint not in {file.before, file.after}:
        return False
    if present.index in (file.index_before, file.index_after, present.head, []):
        return True
    name = _name_in_git(work_tree, file.path)
    return bool(name) and [entry[1] for entry in present.index] == [name]


def _name_in_git(work_tree: WorkTree, path: str) -> str:
    """Return the name of what `git add` would store for a file; empty where it is none."""
    place = work_tree.top / path
    if place.is_symlink():
        return work_tree.git.text("hash-object", "--stdin", stdin=os.fsdecode(place.readlink()))
    return work_tree.git.text("hash-object", "--", path) if place.is_file() else ""


def _is_blocked(work_tree: WorkTree, going: Mapping[str, FileRecord], path: str) -> bool:
    """Whether something that does not go is in a file's place, or in that of a directory of its."""
    top, file = work_tree.top, going[path]
    goes = {name for name, other in going.items() if not other.before}
    for parent in Path(path).parents:
        place = top / parent
        if place.is_symlink():
            return True
        if file.before and place.exists() and not place.is_dir() and parent.as_posix() not in goes:
            return True
    inside = files_in(top / path) if is_directory(top / path) else ()
    return any(each.relative_to(top).as_posix() not in goes for each in inside)


def _stage(
    work_tree: WorkTree, stage: Path, files: Sequence[FileRecord], present: Mapping[str, _Present]
) -> list[Move]:
    """Prepare the files that come back, and the index; return the moves in their order."""
    coming = [file for file in files if file.before]
    names = (file.content for file in coming)
    contents = read_objects(names, cwd=work_tree.top, environment=OFFLINE)
    for file, content in zip(coming, contents, strict=True):
        _write(stage / "new" / file.path, content, int(file.before.split()[0], 8))
    copy_index(work_tree, stage)
    changed = {
        file.path: file.index_before
        for file in files
        if present[file.path].index != file.index_before
    }
    write_entries(work_tree, stage, changed)
    moves = [
        Move(
            file.path,
            before=present[file.path].fingerprint,
            after=fingerprint(stage / "new" / file.path) if file.before else "",
        )
        for file in files
    ]
    return sorted(moves, key=lambda move: bool(move.after))


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISLNK(mode):
        path.symlink_to(os.fsdecode(content))
    else:
        path.write_bytes(content)
        path.chmod(stat.S_IMODE(mode))
