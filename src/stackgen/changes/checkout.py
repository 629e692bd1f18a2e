"""Files and an index as git would check them out, prepared in a staging directory."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from stackgen.changes.change_set import ChangeSet
from stackgen.changes.files import fingerprint
from stackgen.changes.journal import Move
from stackgen.changes.work_tree import WorkTree
from stackgen.git import Repository

IndexEntries = Mapping[str, Sequence[Sequence[str]]]
"""Path, relative to the top, to what an index has for it: mode, name of the content, stage."""


def stage_files(work_tree: WorkTree, changes: ChangeSet, stage: Path) -> None:
    """Let git write the files that come as it checks them out: line ends, filters, modes.

    Raises:
        RenderError: git failed.
    """
    environment = {
        "GIT_INDEX_FILE": str(stage / "files"),
        "GIT_OBJECT_DIRECTORY": str(changes.objects),
    }
    lines = "".join(
        f"{changes.after[path].mode} {changes.after[path].name}\t{work_tree.prefix}{path}\0"
        for path in changes.paths
        if path in changes.after
    )
    git = work_tree.git
    git.text("update-index", "-z", "--index-info", stdin=lines, environment=environment)
    git.text("checkout-index", "--all", f"--prefix={stage / 'new'}/", environment=environment)


def fingerprints(work_tree: WorkTree, changes: ChangeSet) -> Mapping[str, str]:
    """Return the fingerprint of every file that goes, by its path relative to the top.

    Whoever takes them before looking for uncommitted changes misses none: what is written later is
    seen by one of the two.
    """
    paths = [work_tree.prefix + path for path in changes.paths if path in changes.before]
    return {path: fingerprint(work_tree.top / path) for path in paths}


def moves(
    work_tree: WorkTree, changes: ChangeSet, present: Mapping[str, str], stage: Path, *, last: str
) -> list[Move]:
    """Return the moves that make a change, in their order: what only goes makes room first.

    Args:
        work_tree: Where.
        changes: What changes.
        present: The fingerprints of the files that go.
        stage: Where the files that come are.
        last: The path that is changed after all others.
    """
    found = []
    for path in changes.paths:
        full = work_tree.prefix + path
        after = fingerprint(stage / "new" / full) if path in changes.after else ""
        found.append(Move(full, before=present.get(full, ""), after=after))
    return sorted(found, key=lambda move: (move.path == work_tree.prefix + last, bool(move.after)))


def stage_index(work_tree: WorkTree, changes: ChangeSet, stage: Path, source: Repository) -> None:
    """Prepare the index: conflicts unmerged, new files added, the rest left to `git diff`.

    New files are added whole: with an intent to add them alone, `git stash` refuses.

    Args:
        work_tree: Where.
        changes: What changes.
        stage: Where the files that come are, and where the index is to be.
        source: A repository that has the contents of files in conflict.

    Raises:
        RenderError: git failed.
    """
    copy_index(work_tree, stage)
    git = work_tree.git
    if changes.conflicts:
        entries = {entry for stages in changes.conflicts.values() for entry in stages.values()}
        names = "".join(f"{entry.name}\n" for entry in entries)
        pack = source.run("pack-objects", "--quiet", "--stdout", stdin=names.encode())
        git.run("unpack-objects", "-q", stdin=pack)
    conflicts = {
        work_tree.prefix + path: [
            [entry.mode, entry.name, str(number)] for number, entry in stages.items()
        ]
        for path, stages in changes.conflicts.items()
    }
    write_entries(work_tree, stage, conflicts)
    added = [path for path in changes.added if path not in changes.conflicts]
    add_files(work_tree, stage, [work_tree.prefix + path for path in added])


def add_files(work_tree: WorkTree, stage: Path, paths: Sequence[str]) -> None:
    """Add files that come to the staged index, ignored or not.

    Args:
        work_tree: Where.
        stage: Where the files are, and the index.
        paths: The files, relative to the top.

    Raises:
        RenderError: git failed.
    """
    if not paths:
        return
    files = Repository(
        folder=stage / "new",
        environment={
            **work_tree.git.environment,
            "GIT_INDEX_FILE": str(stage / "index"),
            "GIT_DIR": str(work_tree.git_dir),
            "GIT_WORK_TREE": str(stage / "new"),
        },
        settings=work_tree.git.settings,
    )
    options = ("--force", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul")
    files.text("add", *options, stdin="".join(f"{path}\0" for path in paths))


def copy_index(work_tree: WorkTree, stage: Path) -> None:
    """Copy git's index into a staging directory, for a transaction to put in its place."""
    if work_tree.index.exists():
        shutil.copy(work_tree.index, stage / "index.before")
        shutil.copy(work_tree.index, stage / "index")


def index_entries(
    work_tree: WorkTree, paths: Sequence[str], index: Path | None = None
) -> IndexEntries:
    """Return what an index has for some paths, relative to the top.

    Args:
        work_tree: Where.
        paths: The paths, relative to the top; one that the index has nothing for is left out.
        index: The index to read; git's own unless given.
    """
    environment = {"GIT_INDEX_FILE": str(index)} if index else {}
    found: dict[str, list[list[str]]] = {}
    if not paths:
        return found
    listing = ("ls-files", "-z", "--stage", "--", *paths)
    for line in work_tree.git.records(*listing, environment=environment):
        fields, path = line.split("\t", 1)
        mode, name, number = fields.split()
        found.setdefault(path, []).append([mode, name, number])
    return {path: found[path] for path in paths if path in found}


def write_entries(work_tree: WorkTree, stage: Path, entries: IndexEntries) -> None:
    """Give the staged index these entries for these paths, and none but these.

    Raises:
        RenderError: git failed.
    """
    lines = ""
    for path, stages in entries.items():
        lines += f"0 {work_tree.none}\t{path}\0"
        lines += "".join(f"{mode} {name} {number}\t{path}\0" for mode, name, number in stages)
    environment = {"GIT_INDEX_FILE": str(stage / "index")}
    work_tree.git.text("update-index", "-z", "--index-info", stdin=lines, environment=environment)
