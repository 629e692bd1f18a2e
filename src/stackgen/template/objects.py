"""The objects of a clone, together with those that a partial clone lacks."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from stackgen import git, git_objects
from stackgen.template.clone import CARRIED, READ_ONLY, Clone, Commit

# By these a partial clone fetches what it lacks.
_REMOTE_SETTINGS = ("credential.", "extensions.partialclone", "http.", "remote.", "url.")

Directory = Mapping[str, tuple[str, str]]
"""What stands in a directory: git's mode and the object, by name."""


class Objects:
    """The objects that a repository sees."""

    def __init__(self, repository: Path, *, fetching: Mapping[str, str] | None = None) -> None:
        """Take those of `repository`.

        Args:
            repository: A clone, or a private repository which sees its objects.
            fetching: The environment in which it fetches what it lacks; it fetches nothing
                without one.
        """
        self.repository = repository
        self._fetches = fetching is not None
        self._environment = READ_ONLY if fetching is None else fetching

    def complete(self, commits: Sequence[Commit], *, files: bool) -> list[Commit]:
        """Return the commits that are all there, after fetching what a partial clone lacks.

        Args:
            commits: Commits that the clone holds.
            files: Whether the template's files are wanted, or only directories.

        Raises:
            RenderError: git failed.
        """
        remote = self._promisor()
        if not remote:
            return list(commits)
        # A clone may lack directories, and cannot tell before which of their files it lacks.
        self._fetch(remote, self._lacking(commits, files=False))
        there = self._whole(commits, files=False)
        if files:
            self._fetch(remote, self._lacking(there, files=True))
            there = self._whole(there, files=True)
        return there

    def directories(self, trees: Iterable[str]) -> dict[str, Directory]:
        """Return what stands in directories that are there, by their name.

        Raises:
            RenderError: git failed.
        """
        names = list(dict.fromkeys(trees))
        found = git_objects.read_objects(names, cwd=self.repository, environment=self._environment)
        return dict(zip(names, map(git_objects.read_tree, found, names), strict=True))

    def pack(self, names: Iterable[str]) -> bytes:
        """Return objects, and all that hangs on them, as a pack for another repository."""
        listed = "".join(f"{name}\n" for name in sorted(set(names))).encode()
        return self._git("pack-objects", "--quiet", "--revs", "--stdout", stdin=listed)

    def _promisor(self) -> str:
        """Return the remote that promised what a partial clone lacks; empty for a whole one."""
        setting = r"^remote\..*\.promisor$"
        found = self._git("config", "--name-only", "--get-regexp", setting, accept=(0, 1))
        name = os.fsdecode(found).partition("\n")[0]
        return name.removeprefix("remote.").removesuffix(".promisor")

    def _whole(self, commits: Sequence[Commit], *, files: bool) -> list[Commit]:
        if not self._lacking(commits, files=files):
            return list(commits)
        return [each for each in commits if not self._lacking([each], files=files)]

    def _lacking(self, commits: Sequence[Commit], *, files: bool) -> list[str]:
        """Return the directories that commits lack, or the template's files in their trees."""
        options = ("--objects", "--no-walk", "--missing=print", "--no-object-names", "--stdin")
        # Of a commit git would look at the parents, too, where it is limited to paths.
        names = (commit.tree if files else commit.name for commit in commits)
        limits = ("--", *CARRIED) if files else ("--filter=blob:none",)
        text = "".join(f"{name}\n" for name in names).encode()
        lines = self._git("rev-list", *options, *limits, stdin=text).decode().split()
        return [line[1:] for line in lines if line.startswith("?")]

    def _fetch(self, remote: str, names: Collection[str]) -> None:
        if names and self._fetches:
            options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none")
            wanted = "".join(f"{name}\n" for name in names).encode()
            # Whether it succeeded shows in what is there afterwards.
            self._git("fetch", *options, remote, "--stdin", stdin=wanted, accept=(0, 1, 128))

    def _git(self, *arguments: str, stdin: bytes = b"", accept: tuple[int, ...] = (0,)) -> bytes:
        done = git.run(
            *arguments,
            cwd=self.repository,
            environment=self._environment,
            stdin=stdin,
            accept=accept,
            settings=git.ANY_OWNER,
        )
        return b"" if done.returncode else done.stdout


@contextlib.contextmanager
def all_objects(clone: Clone, *others: Path) -> Iterator[Objects]:
    """Provide the objects of a clone and of other stores; a partial clone's are fetched.

    They are fetched into a private repository, for as long as the context lasts.

    Args:
        clone: The clone, which stays as it is.
        others: Stores of objects besides its own.
    """
    with tempfile.TemporaryDirectory(prefix="stackgen-objects-") as folder:
        private = Path(folder)
        stores = (*others, clone.objects)
        git_objects.make_repository(private, object_format=clone.object_format)
        git_objects.borrow(private, stores)
        for name, value in _remotes(clone):
            git.run("config", "--add", name, value, cwd=private, environment=git.PRIVATE)
        fetching = {**git.reaching_remotes(), "GIT_NO_REPLACE_OBJECTS": "1"}
        yield Objects(private, fetching=fetching)


def _remotes(clone: Clone) -> Iterator[tuple[str, str]]:
    """Return the settings by which a partial clone fetches, as another repository needs them."""
    settings = clone.settings()
    if not any(name.endswith(".promisor") for name, _ in settings):
        return
    for name, value in settings:
        if name.startswith(_REMOTE_SETTINGS):
            is_folder = name.endswith(".url") and (clone.root / value).exists()
            yield name, str(clone.root / value) if is_folder else value
