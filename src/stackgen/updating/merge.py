"""The three-way merge: what the template was, what became of the project, what the template is.

It happens in a private repository that sees the objects of the project's own: nothing is written
there, and no configuration of the user's takes part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from stackgen import git, git_objects
from stackgen.changes.work_tree import Checkout

_SETTINGS = {
    **git.SHORT_LIVED,
    # A file of the user's own stays where the user put it, though the template moved its folder.
    "merge.directoryRenames": "false",
    "merge.conflictStyle": "zdiff3",
}

_SUBMODULE = "160000"

BASE, YOURS, NEW = 1, 2, 3
"""Stages of an unmerged file: git-merge(1), "True merge"."""


class Entry(NamedTuple):
    """A file in a tree: git's mode and the name of its content."""

    mode: str
    name: str


Tree = Mapping[str, Entry]
"""Files by their path relative to the project, with `/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What was merged and what came of it.

    Attributes:
        old: The render of the recorded version.
        yours: The project as committed.
        new: The render of the version that is wanted.
        result: What the project becomes, files in conflict with markers.
        stages: Path in conflict to its entry by stage.
    """

    old: Tree
    yours: Tree
    new: Tree
    result: Tree
    stages: Mapping[str, Mapping[int, Entry]]

    @property
    def changed(self) -> list[str]:
        """The paths that the project has otherwise, sorted."""
        paths = self.yours.keys() | self.result.keys()
        different = {path for path in paths if self.yours.get(path) != self.result.get(path)}
        return sorted(different | self.stages.keys())

    @property
    def submodules(self) -> list[str]:
        """The submodules that are in the way of a file, sorted."""
        yours = {path for path, entry in self.yours.items() if entry.mode == _SUBMODULE}
        return sorted(yours.intersection(self.changed))

    @property
    def dropped(self) -> list[str]:
        """The files that were edited here and that the template has no more."""
        return sorted(path for path, stages in self.stages.items() if set(stages) == {BASE, YOURS})

    def without(self, paths: Collection[str]) -> Merge:
        """The same merge with these files deleted."""
        return replace(
            self,
            result={path: entry for path, entry in self.result.items() if path not in paths},
            stages={path: found for path, found in self.stages.items() if path not in paths},
        )


class Store:
    """A private repository in which a project's files are merged."""

    def __init__(self, folder: Path, checkout: Checkout) -> None:
        """Make it at `folder`, seeing the objects of `checkout`."""
        self.folder = folder
        self._checkout = checkout
        git_objects.make_repository(
            folder, object_format=checkout.object_format, objects=[checkout.objects]
        )

    def merge(self, old: Path, new: Path, tag: str, record: tuple[str, bytes]) -> Merge:
        """Merge the step from `old` to `new` into the project.

        Args:
            old: A rendered folder.
            new: Another one.
            tag: The version of `new`, for conflict markers.
            record: The answers file's path and what becomes of it: it is never merged, because
                values between conflict markers would be no values.

        Raises:
            RenderError: git failed.
        """
        yours = self._checkout.tree
        trees = [self._write_tree(old), yours, self._write_tree(new)]
        base = self._commit(trees[0])
        commits = {
            "refs/heads/yours": self._commit(yours, base),
            f"refs/tags/{tag}": self._commit(trees[2], base),
        }
        for ref, commit in commits.items():
            self._git("update-ref", ref, commit)
        options = ("merge-tree", "--write-tree", "-z", "--no-messages")
        done = self._git(*options, "yours", tag, accept=(0, 1))
        merged, *unmerged = done.split(b"\0")
        stages: dict[str, dict[int, Entry]] = {}
        for line in filter(None, unmerged):
            (mode, blob, stage), path = _entry(line)
            stages.setdefault(path, {})[int(stage)] = Entry(mode, blob)
        result = self._read_tree(merged.decode())
        for path in [path for path, found in stages.items() if set(found) == {BASE, NEW}]:
            # Deleted here, changed in the template: it stays deleted.
            del stages[path]
            result.pop(path, None)
        answers, content = record
        stages.pop(answers, None)
        name = self._git("hash-object", "-w", "--no-filters", "--stdin", stdin=content)
        result[answers] = Entry("100644", name.decode().strip())
        old_tree, your_tree, new_tree = (self._read_tree(tree) for tree in trees)
        return Merge(old=old_tree, yours=your_tree, new=new_tree, result=result, stages=stages)

    def diff(self, merge: Merge) -> str:
        """The change of the project's files as a unified diff."""
        trees = [
            git_objects.write_entries(self.folder, tree) for tree in (merge.yours, merge.result)
        ]
        options = ("--no-color", "--no-ext-diff", "--find-renames")
        return self._git("diff", *options, *trees).decode(errors="replace")

    def content(self, entry: Entry) -> bytes:
        """The content of a file."""
        return self._git("cat-file", "blob", entry.name)

    def pack(self, entries: Collection[Entry]) -> bytes:
        """The contents of files as a pack, for another repository to take in."""
        names = "".join(f"{entry.name}\n" for entry in entries)
        return self._git("pack-objects", "--quiet", "--stdout", stdin=names.encode())

    def _write_tree(self, folder: Path) -> str:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return git_objects.write_tree(
            self.folder, folder, (path.relative_to(folder).as_posix() for path in files)
        )

    def _read_tree(self, tree: str) -> dict[str, Entry]:
        found = {}
        for line in filter(None, self._git("ls-tree", "-r", "-z", tree).split(b"\0")):
            (mode, _, name), path = _entry(line)
            found[path] = Entry(mode, name)
        return found

    def _commit(self, tree: str, *parents: str) -> str:
        options = [word for parent in parents for word in ("-p", parent)]
        done = self._git(
            "commit-tree", tree, *options, "-m", "-", environment=git_objects.identity()
        )
        return done.decode().strip()

    def _git(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (0,),
    ) -> bytes:
        return git.run(
            *arguments,
            cwd=self.folder,
            stdin=stdin,
            environment={**git.PRIVATE, **(environment or {})},
            accept=accept,
            settings=_SETTINGS,
        ).stdout


def _entry(line: bytes) -> tuple[list[str], str]:
    fields, path = line.split(b"\t", 1)
    return fields.decode().split(), _text(path)


def _text(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")
