"""A clone of stackgen's own repository: what is committed there, and the template beside it.

It is only ever read: nothing is written there, and nothing is fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from stackgen import git, git_objects
from stackgen.errors import SourceError

CARRIED = ("copier.yml", "templates")
"""The template, which every build carries."""

# Never part of the template: Copier leaves them out, too.
_JUNK_NAMES = {"__pycache__", ".DS_Store"}
_JUNK_SUFFIXES = {".pyc", ".pyo"}

# New files count unless the clone's own `.gitignore` files leave them out, whoever's clone it is.
_NEW_FILES = ("ls-files", "-z", "--others", "--exclude-per-directory=.gitignore")

READ_ONLY = {**git.PRIVATE, "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_REPLACE_OBJECTS": "1"}
"""The environment in which a clone is read."""


class Commit(NamedTuple):
    """A commit, its tree, and when it was made, in seconds since 1970."""

    name: str
    tree: str
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """A clone in which something is committed.

    Attributes:
        root: The top of its work tree.
        head: The commit that is checked out.
        object_format: `sha1` or `sha256`.
        is_shallow: Whether its history was cut off when it was cloned.
        objects: Its store of objects.
    """

    root: Path
    head: str
    object_format: str
    is_shallow: bool
    objects: Path

    def line(self) -> list[Commit]:
        """Return the commits that were the head of this branch, oldest first.

        They are the first parents: what only a merge brought in was never the head.
        """
        return self._commits("--first-parent", "--reverse", self.head)

    def commits(self, names: Iterable[str]) -> list[Commit]:
        """Return some commits, all of which the clone must hold."""
        listed = tuple(names)
        return self._commits("--no-walk=unsorted", *listed) if listed else []

    def ancestors(self) -> frozenset[str]:
        """Return every commit that went into the one that is checked out, itself included."""
        return frozenset(self._ask("rev-list", self.head).split())

    def distance(self, commit: str | None) -> int:
        """Count the commits of the line that did not go into another commit, or all of them."""
        since = [f"^{commit}"] if commit else []
        return int(self._ask("rev-list", "--first-parent", "--count", self.head, *since))

    def holds(self, commit: str) -> bool:
        """Whether it has a commit, on any branch."""
        return self._ask("cat-file", "-t", commit, accept=(0, 128)) == "commit"

    def tags(self) -> dict[str, str]:
        """Return the tags of commits, with the commit of each."""
        form = "%(refname:lstrip=2) %(objecttype) %(objectname) %(*objecttype) %(*objectname)"
        lines = self._ask("for-each-ref", f"--format={form}", "refs/tags").splitlines()
        # An annotated tag has the last two: what it is put on.
        found = [(line.split()[0], line.split()[-2:]) for line in lines]
        return {tag: name for tag, (kind, name) in found if kind == "commit"}

    def settings(self) -> list[tuple[str, str]]:
        """Return its own configuration: names and values."""
        lines = self._ask("config", "--local", "--list", "-z").split("\0")
        return [(name, value) for name, _, value in (line.partition("\n") for line in lines)]

    def content(self, path: str) -> str:
        """Return what a file holds as it is committed; an empty text if there is none."""
        return self._ask("cat-file", "blob", f"{self.head}:{path}", accept=(0, 128))

    def is_changed(self) -> bool:
        """Whether a build would hold something else than what is committed."""
        changed = ("status", "--porcelain", "--untracked-files=no", "--no-renames")
        if self._ask(*changed) or self._ask(*_NEW_FILES, "--", *CARRIED, "src"):
            return True
        # What git takes for unchanged may differ: by line ends, or because it was told to.
        committed = git_objects.list_files(
            self.head, *CARRIED, cwd=self.root, environment=READ_ONLY
        )
        return committed != git_objects.hash_files(self.root, carried_files(self.root, self))

    def listed_files(self) -> set[str]:
        """Return the paths of the template's files that git has, and of new ones."""
        found = self._ask("ls-files", "-z", "--", *CARRIED) + self._ask(*_NEW_FILES, "--", *CARRIED)
        return set(filter(None, found.split("\0")))

    def _commits(self, *selection: str) -> list[Commit]:
        text = self._ask("rev-list", "--format=%H %T %ct", *selection)
        lines = [line.split() for line in text.splitlines() if not line.startswith("commit ")]
        return [Commit(name, tree, int(time)) for name, tree, time in lines]

    def _ask(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> str:
        done = git.run(
            *arguments,
            cwd=self.root,
            environment=READ_ONLY,
            accept=accept,
            settings=git.ANY_OWNER,
        )
        return "" if done.returncode else os.fsdecode(done.stdout).removesuffix("\n")


def find_clone(root: Path) -> Clone | None:
    """Return the clone whose top is `root`; none where that is an sdist or has no commit."""
    if (root / "PKG-INFO").exists() or not git.available():
        return None
    questions = ("--show-toplevel", "--show-object-format", "--is-shallow-repository")
    done = git.run(
        *("rev-parse", *questions, "--git-path", "objects", "HEAD^{commit}"),
        cwd=root,
        environment=READ_ONLY,
        accept=(0, 128),
        settings=git.ANY_OWNER,
    )
    if done.returncode:
        return None
    top, object_format, shallow, objects, head = os.fsdecode(done.stdout).splitlines()
    # One within another repository, such as an sdist unpacked there, is not its top.
    if not Path(top).samefile(root):
        return None
    return Clone(
        root=root,
        head=head,
        object_format=object_format,
        is_shallow=shallow == "true",
        objects=(root / objects).resolve(),
    )


def carried_files(root: Path, clone: Clone | None) -> list[str]:
    """List the template's files in a source tree, sorted, relative to its top.

    Args:
        root: The top of the source tree.
        clone: The clone that it is; or none, and then all the files that there are count.

    Raises:
        SourceError: One is a symbolic link, which a wheel cannot hold.
    """
    if clone:
        names = clone.listed_files()
    else:
        paths = [root / CARRIED[0], *(root / CARRIED[1]).rglob("*")]
        names = {path.relative_to(root).as_posix() for path in paths}
    files = []
    for name in sorted(names):
        path = root / name
        if _JUNK_NAMES.intersection(Path(name).parts) or path.suffix in _JUNK_SUFFIXES:
            continue
        if path.is_symlink():
            raise SourceError(
                f"`{name}` is a symbolic link, which a wheel cannot hold. Put a file there."
            )
        if path.is_file():
            files.append(name)
    return files
