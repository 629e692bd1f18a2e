"""What taking a change back needs, kept by git itself.

A reference of the work tree holds a tree: the bytes of every file that the change took away or
wrote over, and a record of what was, what came, and what the index had. So neither where HEAD is
nor what became of the history matters, and git collects nothing of it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from stackgen import git
from stackgen.changes.checkout import index_entries
from stackgen.changes.files import refuse_outside
from stackgen.changes.journal import UNDO, Move, Reference
from stackgen.changes.work_tree import WorkTree
from stackgen.errors import ProjectError

_RECORD = "record.json"
_FORMAT = 1

Entries = Sequence[Sequence[str]]
"""What an index has for a file: mode, name of the content, and stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """What a change did to one file.

    Attributes:
        path: Its path, relative to the top of the work tree.
        before: The fingerprint that it had, or empty.
        content: The name of the content that it had, or empty.
        after: The fingerprint that it got, or empty.
        index_before: What the index had for it.
        index_after: What the index got for it.
    """

    path: str
    before: str
    content: str
    after: str
    index_before: Entries
    index_after: Entries


def keep(work_tree: WorkTree, stage: Path, moves: Sequence[Move]) -> Reference:
    """Keep what taking these moves back will need; they are not made yet.

    Args:
        work_tree: Where.
        stage: The staging directory of the transaction, with its index.
        moves: The moves.

    Returns:
        The reference to set once the moves are made.

    Raises:
        RenderError: git failed.
    """
    paths = [move.path for move in moves]
    contents = _write_contents(work_tree, [move.path for move in moves if move.before])
    index_before = index_entries(work_tree, paths)
    index_after = index_entries(work_tree, paths, stage / "index")
    files = [
        FileRecord(
            path=move.path,
            before=move.before,
            content=contents.get(move.path, ""),
            after=move.after,
            index_before=index_before.get(move.path, []),
            index_after=index_after.get(move.path, []),
        )
        for move in moves
    ]
    return Reference(reference(work_tree), _write_record(work_tree, files))


def open_conflicts(work_tree: WorkTree) -> list[str]:
    """Return the files that the last change left in conflict and that still are."""
    unmerged = set(work_tree.unmerged())
    left = (file.path for file in read_record(work_tree) if _is_unmerged(file.index_after))
    return sorted(unmerged.intersection(left))


def _write_contents(work_tree: WorkTree, paths: Sequence[str]) -> Mapping[str, str]:
    """Let git keep the very bytes of files; return the names that it has for them."""
    writing = ("hash-object", "-w", "--no-filters")
    links = [path for path in paths if (work_tree.top / path).is_symlink()]
    files = [path for path in paths if path not in links]
    names = work_tree.git.text(*writing, "--", *files).split() if files else []
    found = dict(zip(files, names, strict=True))
    for path in links:
        target = os.fsdecode((work_tree.top / path).readlink())
        found[path] = work_tree.git.text(*writing, "--stdin", stdin=target)
    return found


def _write_record(work_tree: WorkTree, files: Sequence[FileRecord]) -> str:
    """Write the record, and beside it all contents that it names, so that git keeps them."""
    document = {"format": _FORMAT, "files": [asdict(file) for file in files]}
    record = work_tree.git.text("hash-object", "-w", "--stdin", stdin=json.dumps(document))
    names = {file.content for file in files} | {
        name for file in files for mode, name, _ in file.index_before if mode != git.SUBMODULE
    }
    lines = [f"100644 blob {name}\t{name}\n" for name in names if name]
    lines.append(f"100644 blob {record}\t{_RECORD}\n")
    return work_tree.git.text("mktree", "--missing", stdin="".join(lines))


def read_record(work_tree: WorkTree) -> list[FileRecord]:
    """Return what the last change did, a file each; nothing where none is recorded.

    Raises:
        ProjectError: It was recorded by a later version, or by somebody else.
    """
    text = work_tree.git.ask("cat-file", "blob", f"{reference(work_tree)}:{_RECORD}")
    if not text:
        return []
    try:
        document = json.loads(text)
        if document["format"] != _FORMAT:
            raise ProjectError(
                f"The last update of `{work_tree.project}` was made by a later stackgen. Upgrade "
                "it."
            )
        files = [FileRecord(**fields) for fields in document["files"]]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ProjectError(
            f"What is kept of the last update of `{work_tree.project}` cannot be read: {error}. "
            f"`git update-ref -d {reference(work_tree)}` gives it up; nothing else changes."
        ) from error
    refuse_outside(file.path for file in files)
    return files


def reference(work_tree: WorkTree) -> str:
    """Return the name of the reference that keeps the record of a project."""
    # A repository may hold several projects, and each of its work trees has references of its own.
    place = hashlib.sha256(git.to_bytes(work_tree.prefix)).hexdigest()[:12]
    return f"{UNDO}{place}"


def _is_unmerged(entries: Entries) -> bool:
    return any(number != "0" for _, _, number in entries)
