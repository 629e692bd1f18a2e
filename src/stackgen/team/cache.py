"""Standards that were fetched, with their history: what an update needs without a network."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from stackgen import git
from stackgen.changes.staging import lock_directory
from stackgen.errors import RenderError, StandardError
from stackgen.foreign_text import one_line
from stackgen.git_objects import make_repository
from stackgen.progress import step
from stackgen.project.folder import is_folder, unreachable
from stackgen.team.address import Where

LARGEST_HISTORY = 500 * 1024 * 1024
"""In bytes: how much of one standard is kept."""

FETCHING_SECONDS = 120
CHECKING_SECONDS = 10
_WAITING_SECONDS = 60

_SETTINGS = {
    **git.SETTINGS,
    "core.symlinks": "false",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "transfer.bundleURI": "false",
}

_OF_ADDRESS, _OF_CLONES = "refs/remote", "refs/clone"
"""Where branches and tags are kept, as the address has them and as a clone of it has them."""

_MADE = ("HEAD", "objects/info/alternates")
"""What a repository is made with, the last of it too: without it, somebody was interrupted."""

_NO_HEAD = "couldn't find remote ref HEAD"

_LEFTOVERS = ("*.lock", "refs/**/*.lock", "objects/*/tmp_*", "objects/tmp_*")
"""What git leaves behind when it is killed, and what stops it from then on or takes space."""

_LONGEST_CAUSE = 1000
"""In characters."""

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_WHOLE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Found(NamedTuple):
    """A revision as a repository has it.

    Attributes:
        commit: The full name of the commit.
        moves: Whether it may be another one tomorrow, as that of a branch is.
    """

    commit: str
    moves: bool


class Cache:
    """The standards of a person, each a bare repository that nothing is ever checked out of."""

    def __init__(self, folder: Path) -> None:
        """Take a folder, which is made when something is put into it."""
        self._folder = folder

    def of(self, address: str) -> Cached:
        """Return what is, or will be, kept of an address."""
        digest = hashlib.sha256(address.encode()).hexdigest()[:32]
        return Cached(address, self._folder / f"{digest}.git")


class Cached:
    """The history of one standard, as far as it was fetched.

    Attributes:
        address: Where it is fetched from.
        repository: The bare repository that keeps it; it may not be there yet.
    """

    def __init__(self, address: str, repository: Path) -> None:
        """Name them; nothing is read or written."""
        self.address = address
        self.repository = repository

    def fetch(self, place: Where, revision: str) -> Found | None:
        """Fetch the whole history, from the address itself or from a clone of it.

        Args:
            place: The address, or the path of the clone. Branches and tags of the two are kept
                apart: what a clone calls `main` may be older.
            revision: See `find`.

        Returns:
            The revision, before any other process fetches from another clone.

        Raises:
            StandardError: It cannot be reached, is too large, or takes too long.
        """
        with step("Fetching the standard"), self._locked():
            try:
                self._fetch_all(place)
            except RenderError as error:
                raise self._not_fetched(place, error) from error
            return self.find(revision, place)

    def fetch_commit(self, place: Where, commit: str) -> None:
        """Ask for a commit that no branch leads to any more; nothing where it is not given.

        Args:
            place: See `fetch`.
            commit: Its full name.
        """
        with self._locked(), contextlib.suppress(RenderError):
            self._git_fetch(place, commit)

    def find(self, revision: str, place: Where) -> Found | None:
        """Return a revision as it was when that place was fetched last; nothing without it.

        Args:
            revision: A branch, tag or commit; empty for the branch that a clone starts with.
            place: See `fetch`.
        """
        return self._find(revision, self._kept_as(place))

    @property
    def is_there(self) -> bool:
        """Whether anything was ever fetched of it."""
        return is_folder(self.repository)

    def has_branches(self, place: Where) -> bool:
        """Return whether any branch was there when that place was fetched last.

        Args:
            place: See `fetch`.
        """
        asked = ("for-each-ref", "--count=1", f"{self._kept_as(place)}/heads/")
        return self.is_there and bool(self._as_repository.ask(*asked))

    def holds(self, commit: str) -> bool:
        """Return whether a commit, by its full name, was ever fetched."""
        return bool(_WHOLE.fullmatch(commit)) and bool(self._commit(commit))

    def leads_to(self, earlier: str, later: str) -> bool:
        """Return whether a commit is another one, or one of those that it was made from.

        Args:
            earlier: The full name of a commit that is kept.
            later: That of the one whose history is looked at.

        Raises:
            StandardError: The history cannot be read.
        """
        try:
            asked = git.run(
                *("merge-base", "--is-ancestor", earlier, later),
                cwd=self.repository,
                environment={**git.PRIVATE, **git.HERE},
                settings=git.ANY_OWNER,
                accept=(0, 1),
            )
        except RenderError as error:
            raise StandardError(
                f"The history of the standard `{self.address}` cannot be read: {error}"
            ) from error
        return not asked.returncode

    def newest(self, revision: str) -> Found | None:
        """Return a revision as it was fetched last, from the address or else from a clone.

        Args:
            revision: See `find`.
        """
        address = Where(address=self.address)
        return self.find(revision, address) or self._find(revision, _OF_CLONES)

    def _find(self, revision: str, kept: str) -> Found | None:
        if not revision:
            commit = self._commit(f"{kept}/head")
            return Found(commit, moves=True) if commit else None
        if not _WHOLE.fullmatch(revision):
            if commit := self._commit(f"{kept}/tags/{revision}"):
                return Found(commit, moves=False)
            if commit := self._commit(f"{kept}/heads/{revision}"):
                return Found(commit, moves=True)
        commit = self._commit(revision) if _COMMIT.fullmatch(revision) else ""
        return Found(commit, moves=False) if commit else None

    def _kept_as(self, place: Where) -> str:
        return _OF_ADDRESS if place.address == self.address else _OF_CLONES

    def _commit(self, name: str) -> str:
        self._check_open()
        if not self.is_there:
            return ""
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return self._as_repository.ask(*asked)

    @property
    def _as_repository(self) -> git.Repository:
        return git.Repository(
            folder=self.repository,
            environment={**git.PRIVATE, **git.HERE},
            settings=git.ANY_OWNER,
        )

    def _fetch_all(self, place: Where) -> None:
        kept = self._kept_as(place)
        branches = (f"+refs/heads/*:{kept}/heads/*", f"+refs/tags/*:{kept}/tags/*")
        try:
            self._git_fetch(place, f"+HEAD:{kept}/head", *branches, options=("--prune",))
        except RenderError as error:
            if _NO_HEAD not in str(error):
                raise
            # The branch that it would start with is one that nobody has pushed.
            self._as_repository.ask("update-ref", "-d", f"{kept}/head")
            self._git_fetch(place, *branches, options=("--prune",))

    def _not_fetched(self, place: Where, error: RenderError) -> StandardError:
        cause = one_line(str(error))[:_LONGEST_CAUSE]  # Some of it is what a server says.
        said = f"The standard at `{place.address}` cannot be fetched: {cause}"
        try:
            git.run_bounded(
                *("fsck", "--connectivity-only", "--no-dangling", "--no-progress"),
                cwd=self.repository,
                bounds=git.Bounds(seconds=CHECKING_SECONDS),
                environment={**git.PRIVATE, **git.HERE},
                settings=git.ANY_OWNER,
            )
        except git.BoundsError:
            pass  # Others wait for this, and most of what is not fetched is not damaged.
        except RenderError:
            said += f" What is kept of it is damaged: delete `{self.repository}`."
        return StandardError(said)

    def _git_fetch(self, place: Where, *specs: str, options: Sequence[str] = ()) -> None:
        # Helpers such as `ext` would run what an address says.
        protocols = "file" if place.is_path else "https:ssh"
        options = (
            *options,
            *("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"),
            *("--no-recurse-submodules", "--no-show-forced-updates"),
        )
        git.run_bounded(
            *("fetch", *options, "--", place.address, *specs),
            cwd=self.repository,
            bounds=git.Bounds(seconds=FETCHING_SECONDS, is_too_much=self._is_too_large),
            environment={
                **_reaching(),
                **git.HERE,
                "GIT_ALLOW_PROTOCOL": protocols,
                "GIT_NO_LAZY_FETCH": "1",
            },
            settings=_SETTINGS,
        )

    def _is_too_large(self) -> bool:
        total = 0
        for folder, _, names in os.walk(self.repository):
            for name in names:
                with contextlib.suppress(OSError):  # git moves its files when they are whole.
                    total += os.lstat(f"{folder}/{name}").st_size
        return total > LARGEST_HISTORY

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from fetching the same, and have a repository to fetch into."""
        try:
            self.repository.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StandardError(
                f"`{self.repository}` cannot be made: {error.strerror}. Standards are kept there."
            ) from error
        self._check_open()
        descriptor = _wait_for(self.repository)
        try:
            if descriptor is not None:  # Nobody else is at work then.
                self._remove_leftovers()
            if not all((self.repository / name).is_file() for name in _MADE):
                self._make()
            yield
        finally:
            if descriptor is not None:
                self._remove_leftovers()
                os.close(descriptor)

    def _check_open(self) -> None:
        if reason := unreachable(self.repository):
            raise StandardError(
                f"`{self.repository}` cannot be read: {reason}. Standards are kept there."
            )

    def _make(self) -> None:
        try:
            make_repository(self.repository)
        except (OSError, RenderError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
            raise StandardError(
                f"`{self.repository}` cannot be made: {said}. Standards are kept there."
            ) from error

    def _remove_leftovers(self) -> None:
        for pattern in _LEFTOVERS:
            for path in self.repository.glob(pattern):
                with contextlib.suppress(OSError):
                    path.unlink()


def _wait_for(folder: Path) -> int | None:
    deadline = time.monotonic() + _WAITING_SECONDS
    while True:
        try:
            return lock_directory(folder)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StandardError(
                    f"Another stackgen has been fetching into `{folder}` for a minute. Try again "
                    "when it has ended."
                ) from None
            time.sleep(0.05)


def _reaching() -> Mapping[str, str]:
    """How the caller reaches other repositories, but for what would let more through."""
    return {
        name: value
        for name, value in git.reaching_remotes().items()
        if not name.startswith(("GIT_CONFIG", "GIT_TRACE", "GIT_ALLOW", "GIT_PROTOCOL"))
    }
