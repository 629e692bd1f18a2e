"""The three-way merge: what the template was, what became of the project, what the template is.

It happens in a private repository that sees the objects of the project's own: nothing is written
there, and no configuration of the user's takes part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stackgen import git, git_objects
from stackgen.changes.change_set import BASE, OURS, THEIRS, ChangeSet, Entry, Stages, Tree
from stackgen.changes.work_tree import WorkTree
from stackgen.project.lfs import LONGEST_POINTER, is_pointer, pointer_to

_SETTINGS = {
    **git.SHORT_LIVED,
    # A file of the user's own stays where the user put it, though the template moved its folder.
    "merge.directoryRenames": "false",
    "merge.conflictStyle": "zdiff3",
    # Line ends of another system are no edit of every line.
    "merge.renormalize": "true",
}
_FILES = frozenset({"100644", "100755"})
_LARGEST = 2**20  # In bytes: what is larger was not written by hand.
_ATTRIBUTES = "* text=auto\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What was merged and what came of it.

    Attributes:
        old: The render of the recorded version.
        new: The render of the version that is wanted.
        changes: What becomes of the project.
    """

    old: Tree
    new: Tree
    changes: ChangeSet

    @property
    def dropped(self) -> list[str]:
        """The files that were edited here and that the template has no more, sorted."""
        conflicts = self.changes.conflicts.items()
        return sorted(path for path, stages in conflicts if set(stages) == {BASE, OURS})

    def without(self, paths: Collection[str]) -> Merge:
        """Return the same merge with these files deleted."""
        return replace(self, changes=self.changes.without(paths))


class Store:
    """A private repository in which a project's files are merged."""

    def __init__(self, folder: Path, work_tree: WorkTree) -> None:
        """Make it at `folder`; it sees the objects of `work_tree` when it merges."""
        self.git = git.Repository(folder=folder, settings=_SETTINGS)
        self._work_tree = work_tree
        git_objects.make_repository(folder, object_format=work_tree.object_format)
        (folder / "info").mkdir(exist_ok=True)
        (folder / "info/attributes").write_text(_ATTRIBUTES, "ascii")

    def merge(self, old: Path, new: Path, label: str, record: tuple[str, bytes]) -> Merge:
        """Merge the step from `old` to `new` into the project.

        Args:
            old: A rendered folder.
            new: Another one.
            label: What `new` is called in conflict markers: a name that a tag may have.
            record: The answers file's path and what becomes of it: it is never merged, because
                values between conflict markers would be no values.

        Raises:
            RenderError: git failed.
        """
        base, theirs = self._write_folder(old), self._write_folder(new)
        old_tree, new_tree = self._write_tree(base), self._write_tree(theirs)
        # Not before: what git would write and finds there gets the time of now, and the project's
        # own files stay as they are.
        git_objects.borrow(self.git.folder, [self._work_tree.objects])
        before = self._read_tree(self._work_tree.tree)
        pointers = self._unedited_pointers(old, base, before)
        ours = {**before, **{path: base[path] for path in pointers}}
        our_tree = self._work_tree.tree if ours == before else self._write_tree(ours)
        after, conflicts = self._merge_trees(old_tree, our_tree, new_tree, label)
        for path in pointers:
            if after.get(path) == base[path]:
                after[path] = before[path]
        self._keep_line_ends(before, theirs, after, conflicts)
        answers, content = record
        conflicts.pop(answers, None)
        after[answers] = Entry("100644", self._write(content))
        objects = self.git.folder / "objects"
        changes = ChangeSet(before=before, after=after, conflicts=conflicts, objects=objects)
        return Merge(old=base, new=theirs, changes=changes)

    def diff(self, changes: ChangeSet) -> str:
        """Return the change of the project's files as a unified diff."""
        trees = [self._write_tree(tree) for tree in (changes.before, changes.after)]
        options = ("--no-color", "--no-ext-diff", "--find-renames")
        return self.git.run("diff", *options, *trees).decode(errors="replace")

    def contents(self, tree: Tree) -> Mapping[str, bytes]:
        """Return what is in the files of a tree, but for what is huge, or is not there.

        A clone may lack what it was made without.

        Raises:
            RenderError: git failed.
        """
        files = {path: entry for path, entry in tree.items() if entry.mode in _FILES}
        asked = "".join(f"{entry.name}\n" for entry in files.values())
        sizes = self.git.text("cat-file", "--batch-check", stdin=asked).splitlines()
        small = [
            path
            for path, line in zip(files, sizes, strict=True)
            if (size := line.split()[-1]).isdigit() and int(size) <= _LARGEST
        ]
        return dict(zip(small, self._read([files[path].name for path in small]), strict=True))

    def _merge_trees(
        self, base: str, ours: str, theirs: str, label: str
    ) -> tuple[dict[str, Entry], dict[str, Stages]]:
        origin = self._commit(base)
        commits = {
            "refs/heads/yours": self._commit(ours, origin),
            f"refs/tags/{label}": self._commit(theirs, origin),
        }
        for ref, commit in commits.items():
            self.git.run("update-ref", ref, commit)
        options = ("merge-tree", "--write-tree", "-z", "--no-messages")
        # Where it normalizes, git wants a work tree, though it looks for attributes alone in it.
        empty = self.git.folder / "empty"
        empty.mkdir()
        place = {"GIT_DIR": str(self.git.folder), "GIT_WORK_TREE": str(empty)}
        done = self.git.run(*options, "yours", label, environment=place, accept=(0, 1))
        merged, *unmerged = done.split(b"\0")
        conflicts: dict[str, dict[int, Entry]] = {}
        for line in filter(None, unmerged):
            (mode, name, stage), path = _fields(line)
            conflicts.setdefault(path, {})[int(stage)] = Entry(mode, name)
        after = self._read_tree(merged.decode())
        for path in [path for path, found in conflicts.items() if set(found) == {BASE, THEIRS}]:
            # Deleted here, changed in the template: it stays deleted.
            del conflicts[path]
            after.pop(path, None)
        return after, dict(conflicts)

    def _unedited_pointers(self, old: Path, base: Tree, before: Tree) -> list[str]:
        """Return the files that Git LFS keeps elsewhere and nobody edited.

        git has a pointer to each: what it points to is compared, by its hash.
        """
        edited = [path for path in base if path in before and before[path] != base[path]]
        names = [before[path].name for path in edited]
        lines = self.git.text("cat-file", "--batch-check", stdin="".join(f"{n}\n" for n in names))
        sizes = [line.split()[-1] for line in lines.splitlines()]  # Or `missing`: no pointer.
        small = [
            path
            for path, size in zip(edited, sizes, strict=True)
            if size.isdigit() and int(size) < LONGEST_POINTER
        ]
        contents = self._read([before[path].name for path in small])
        return [
            path
            for path, content in zip(small, contents, strict=True)
            if is_pointer(content) and content == pointer_to(old / path)
        ]

    def _keep_line_ends(
        self, before: Tree, theirs: Tree, after: dict[str, Entry], conflicts: Collection[str]
    ) -> None:
        """Give merged files the line ends that they have here: git merges them without."""
        merged = [
            path
            for path in before
            if path in after
            and (path in conflicts or after[path] not in (before[path], theirs.get(path)))
        ]
        ours = self._read([before[path].name for path in merged])
        results = self._read([after[path].name for path in merged])
        for path, mine, result in zip(merged, ours, results, strict=True):
            if b"\0" not in mine and mine.count(b"\n") == mine.count(b"\r\n") > 0:
                content = result.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                after[path] = Entry(after[path].mode, self._write(content))

    def _write(self, content: bytes) -> str:
        writing = ("hash-object", "-w", "--no-filters", "--stdin")
        return self.git.run(*writing, stdin=content).decode().strip()

    def _read(self, names: Iterable[str]) -> list[bytes]:
        return git_objects.read_objects(names, cwd=self.git.folder)

    def _write_folder(self, folder: Path) -> Tree:
        """Write the contents of a rendered folder, and return its files."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        paths = [path.relative_to(folder).as_posix() for path in files]
        entries = git_objects.hash_files(folder, paths, repository=self.git.folder)
        return {path: Entry(*entry) for path, entry in entries.items()}

    def _write_tree(self, tree: Tree) -> str:
        return git_objects.write_entries(self.git.folder, tree)

    def _read_tree(self, tree: str) -> dict[str, Entry]:
        entries = git_objects.list_files(tree, cwd=self.git.folder)
        return {path: Entry(*entry) for path, entry in entries.items()}

    def _commit(self, tree: str, *parents: str) -> str:
        options = [word for parent in parents for word in ("-p", parent)]
        who = git_objects.identity()
        return self.git.text("commit-tree", tree, *options, "-m", "-", environment=who)


def _fields(line: bytes) -> tuple[list[str], str]:
    fields, path = line.split(b"\t", 1)
    return fields.decode().split(), git.to_text(path)
