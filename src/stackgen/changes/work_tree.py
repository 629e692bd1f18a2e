"""The git work tree that a project lies in: where everything is, and what git is busy with."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from stackgen import git
from stackgen.changes.journal import PlaceKind, Reference
from stackgen.changes.staging import exclusive
from stackgen.errors import ProjectError

OLDEST_GIT = (2, 38)
"""The first one with `git merge-tree --write-tree`."""

# What git leaves in its directory while it is busy, and how it calls that: git-status(1).
_OPERATIONS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick or revert"),
    ("MERGE_HEAD", "merge"),
    ("BISECT_LOG", "bisect"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTree:
    """Where git keeps a project.

    Attributes:
        top: The root of the work tree.
        prefix: The project's place in it: empty, or a path that ends in `/`.
        git_dir: What `.git` is or points to.
        objects: Its store of objects.
        index: Its index.
        object_format: `sha1` or `sha256`.
        head: The commit that is checked out; empty before the first one.
        tree: The project's files in that commit; empty before the first one.
    """

    kind: ClassVar[PlaceKind] = "work tree"

    top: Path
    prefix: str
    git_dir: Path
    objects: Path
    index: Path
    object_format: str
    head: str
    tree: str

    @property
    def project(self) -> Path:
        """The project's directory."""
        return self.top / self.prefix

    @property
    def git(self) -> git.Repository:
        """The repository, called from the top, every path taken literally."""
        environment = {**git.OFFLINE, "GIT_LITERAL_PATHSPECS": "1"}
        return git.Repository(folder=self.top, environment=environment, settings=git.IN_WORK_TREE)

    @property
    def stages(self) -> Sequence[Path]:
        """Where the staging directories of its transactions are."""
        return list(dict.fromkeys((self.git_dir, self.project)))

    def is_private(self, parent: Path) -> bool:
        """Whether it is git's own directory, where a clone brings nothing to."""
        own = parent == self.top / ".git" or not parent.is_relative_to(self.top)
        return own and parent == self.git_dir

    @property
    def none(self) -> str:
        """How git calls no object at all."""
        return "0" * (64 if self.object_format == "sha256" else 40)

    @property
    def index_lock(self) -> Path:
        """The file by which git and its like keep each other from the index."""
        return self.index.with_name(f"{self.index.name}.lock")

    @property
    def operation(self) -> str:
        """What git is in the middle of, such as `rebase`; empty where it is nothing."""
        return next((name for file, name in _OPERATIONS if (self.git_dir / file).exists()), "")

    def unmerged(self) -> list[str]:
        """Return the project's files in conflict, relative to the top, sorted."""
        listed = self.git.records("ls-files", "-z", "--unmerged", "--", self.prefix or ".")
        return sorted({line.split("\t", 1)[1] for line in listed})

    def locked(self) -> AbstractContextManager[None]:
        """Keep other changes of this work tree by stackgen away for as long as the context lasts.

        Raises:
            ProjectError: One is at work.
        """
        return exclusive(self.git_dir, self.top)

    def prepare(self, stage: Path) -> None:
        """Give a staging directory what `conclude` puts in its place: it has the index already."""

    def lock(self, stage: Path) -> None:
        """Keep git from the index, by a lock that already is the new index.

        Raises:
            ProjectError: git is at work, or did something since the staging directory was prepared.
            OSError: It cannot be locked.
        """
        lock = self.index_lock
        try:
            try:
                os.link(stage / "index", lock)
            except FileExistsError:
                raise
            except OSError:  # Another file system, or one without links.
                with lock.open("xb") as file:
                    file.write((stage / "index").read_bytes())
        except FileExistsError:
            raise ProjectError(
                f"git is at work in `{self.top}`: `{lock}` exists. Try again when it has ended."
            ) from None
        except OSError:
            lock.unlink(missing_ok=True)
            raise

    def refuse_changed(self, stage: Path) -> None:
        """Refuse what git did since the staging directory was prepared.

        Raises:
            ProjectError: The index or HEAD changed.
        """
        index, copy = self.index, stage / "index.before"
        same = index.exists() == copy.exists()
        if same and copy.exists():
            same = index.read_bytes() == copy.read_bytes()
        if not same or self.git.ask("rev-parse", "--verify", "--quiet", "HEAD") != self.head:
            raise ProjectError(f"`{self.top}` changed meanwhile. Run it again.")

    def conclude(self, _stage: Path) -> None:
        """Make the change: the lock takes the index's place."""
        self.index_lock.rename(self.index)

    def unlock(self, stage: Path) -> None:
        """Let go of the index, if the lock is that of the staging directory."""
        if self._is_locked_by(stage):
            self.index_lock.unlink()

    def is_concluded(self, stage: Path, *, moved: bool) -> bool:
        """Whether the change that a staging directory prepared was made.

        Args:
            stage: The staging directory.
            moved: Whether all of its moves were made.
        """
        if not moved or self._is_locked_by(stage):
            return False
        # The lock is gone: it became the index, or somebody removed it before that, as git advises.
        before, after = self._entries(stage / "index.before"), self._entries(stage / "index")
        present = self._entries(self.index)
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        return not changed or any(present.get(path) != before.get(path) for path in changed)

    def set_reference(self, reference: Reference) -> None:
        """Set a reference, unless it is no longer what it must have been.

        Raises:
            RenderError: git failed.
        """
        name, target, previous = reference.name, reference.object, reference.previous
        if not name:
            return
        if previous:
            present = self.git.ask("rev-parse", "--verify", "--quiet", name) or self.none
            if present != previous:  # Somebody went on from there by hand.
                return
        words = [name, target, *([previous] if previous else [])] if target else ["-d", name]
        why = ["-m", reference.reason] if reference.reason else []
        self.git.run("update-ref", *why, *words)

    def _entries(self, index: Path) -> Mapping[str, Sequence[str]]:
        """Return what an index has for each path."""
        found: dict[str, list[str]] = {}
        environment = {"GIT_INDEX_FILE": str(index)}
        for line in self.git.records("ls-files", "-z", "--stage", environment=environment):
            entry, path = line.split("\t", 1)
            found.setdefault(path, []).append(entry)
        return found

    def _is_locked_by(self, stage: Path) -> bool:
        lock, index = self.index_lock, stage / "index"
        if not (lock.is_file() and index.is_file()):
            return False
        return lock.samefile(index) or lock.read_bytes() == index.read_bytes()


def find_work_tree(project: Path, *, committed: bool = True) -> WorkTree:
    """Find the repository of a project.

    Args:
        project: The project's directory.
        committed: Whether the project must be committed there, so that an update can be merged.

    Raises:
        ProjectError: git is missing or too old, the project is in no repository or in one whose
            files are elsewhere, or it is not committed there.
    """
    if committed:
        _check_git(project)
    questions = (
        *("--show-toplevel", "--show-prefix", "--absolute-git-dir", "--show-object-format"),
        *("--git-path", "objects", "--git-path", "index"),
    )
    found = _ask("rev-parse", *questions, folder=project)
    if not found:
        raise ProjectError(_not_readable(project))
    if "\n" in str(project):
        raise ProjectError(f"{str(project)!r} has a line break in it. Rename that directory.")
    top, prefix, git_dir, object_format, objects, index = found.split("\n")
    _check_work_tree(project, Path(top), prefix, git_dir)
    head = _ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}", folder=project)
    place = f"HEAD:{prefix.rstrip('/')}"
    tree = head and _ask("rev-parse", "--verify", "--quiet", place, folder=project)
    if committed and not tree:
        raise ProjectError(f"`{project}` is not committed to git. Commit it first.")
    return WorkTree(
        top=Path(top),
        prefix=prefix,
        git_dir=Path(git_dir),
        objects=(project / objects).resolve(),
        index=(project / index).resolve(),
        object_format=object_format,
        head=head,
        tree=tree,
    )


def _check_work_tree(project: Path, top: Path, prefix: str, git_dir: str) -> None:
    """Refuse a repository of which `core.worktree` would have the files of another place changed.

    It is called at the top from here on, where it must be the same one.
    """
    here = (top / prefix).is_dir() and (top / prefix).samefile(project)
    if not (here and _ask("rev-parse", "--absolute-git-dir", folder=top) == git_dir):
        raise ProjectError(
            f"`{project}` belongs to `{git_dir}`, whose files are in `{top}` as its "
            "`core.worktree` says. Unset that."
        )


def _not_readable(project: Path) -> str:
    if repository := git.enclosing_repository(project):
        done = git.run("status", cwd=project, accept=tuple(range(256)), settings=git.IN_WORK_TREE)
        cause = git.message(done) or "it is broken."
        return f"git cannot read the repository at `{repository}`: {cause}"
    return (
        f"`{project}` is in no git repository, and an update is merged by git. "
        "Run `git init`, `git add --all` and `git commit` there first."
    )


def _check_git(project: Path) -> None:
    if not git.available():
        raise ProjectError("An update is merged by git, and there is no `git`. Install it.")
    if (version := git.version(project)) < OLDEST_GIT:
        here, needed = (".".join(map(str, numbers)) for numbers in (version, OLDEST_GIT))
        raise ProjectError(f"This is git {here}, and an update needs {needed}. Upgrade git.")


def _ask(*arguments: str, folder: Path) -> str:
    settings = git.IN_WORK_TREE
    repository = git.Repository(folder=folder, environment=git.OFFLINE, settings=settings)
    return repository.ask(*arguments)
