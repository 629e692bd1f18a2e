"""Where standards come from: named by a person, fetched, kept, and found again for a project."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from stackgen import git
from stackgen.errors import StandardError
from stackgen.foreign_text import quoted
from stackgen.project.folder import is_folder
from stackgen.project.standard_record import RecordedStandard
from stackgen.team.address import LONGEST_SHOWN, Where, parse_where
from stackgen.team.cache import Cache, Cached, Found
from stackgen.team.clone import addresses_of, check_clone
from stackgen.team.edition import Edition, read_edition

# The address is not part of it: a project may record any, and whoever fetches it should mean it.
_HOW_TO_FETCH = (
    "`stackgen standard fetch WHERE` fetches it: WHERE is its name in your configuration, its "
    "address, or a path."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The standards that a person may use.

    Attributes:
        cache: Where what was fetched is kept.
        names: From their configuration: name to address, which may have a revision.
    """

    cache: Cache
    names: Mapping[str, str] = field(default_factory=dict)

    def open(self, where: str) -> Edition:
        """Fetch a standard that a person named, and read it.

        Args:
            where: `WHERE[@REVISION]`: a name of the configuration, an address, or a path.

        Raises:
            StandardError: It cannot be found, fetched or used.
        """
        named = self._locate(where)
        found, warnings = named.fetch()
        return _edition(named, found, warnings)

    def fetch(self, where: str) -> Edition:
        """Fetch a standard that a person named; what was fetched before does not do.

        Args:
            where: See `open`.

        Raises:
            StandardError: It cannot be found, fetched or used.
        """
        named = self._locate(where)
        return _edition(named, named.fetch_now(), [])

    def step(
        self, recorded: RecordedStandard | None, where: str | None, project: Path
    ) -> tuple[Edition | None, Edition | None]:
        """Return the standard that a project follows, and the one that an update brings it to.

        Args:
            recorded: What the project records; nothing where it follows none.
            where: What a person named; nothing unless they did.
            project: The project, for messages.

        Raises:
            StandardError: Nobody named the address that is recorded, or something is missing.
        """
        if recorded is None and where is None:
            return None, None
        if where is None:
            assert recorded  # noqa: S101 - one of them is there
            named = self._configured(recorded, project)
        else:
            named = self._locate(where, recorded)
        same = recorded is not None and recorded.url == named.cached.address
        if recorded and same and not named.says_revision:
            named = dataclasses.replace(named, revision=recorded.revision)
        found, warnings = named.fetch()
        before = self._before(recorded, named, project) if recorded else None
        stays = recorded and same and not named.says_revision and (not found or not found.moves)
        if recorded and stays and recorded.revision:
            if found is None:
                warnings.append(
                    f"The standard at `{named.place.address}` has no `{recorded.revision}` any "
                    f"more: the project stays at commit {recorded.commit[:12]}."
                )
            return before, before and dataclasses.replace(before, warnings=tuple(warnings))
        if found is None:
            raise _no_revision(named, warnings)
        if recorded and same and found.moves:
            is_other = named.revision != recorded.revision
            asked = named.says_revision and (is_other or where not in self.names)
            step = _step(named.cached, recorded, found)
            if step == "back" or (step == "aside" and not is_other):
                warnings.append(_told(step, named, recorded, found, asked=asked))
            if step == "back" and not asked:
                return before, before and dataclasses.replace(before, warnings=tuple(warnings))
        now = RecordedStandard(
            url=named.cached.address, commit=found.commit, revision=named.revision
        )
        return before, read_edition(named.cached.repository, now, warnings=tuple(warnings))

    def kept(self, recorded: RecordedStandard) -> Edition:
        """Return the standard that a project records, as far as it was fetched; no network.

        Args:
            recorded: What the project records.

        Raises:
            StandardError: It was never fetched here, or cannot be used.
        """
        cached = self.cache.of(recorded.url)
        if not cached.holds(recorded.commit):
            raise _not_kept(recorded)
        return read_edition(cached.repository, recorded)

    def newest_kept(self, recorded: RecordedStandard) -> Edition:
        """Return the newest commit that was fetched of what a project follows; no network.

        That is the recorded one where what was fetched is older: a project may be brought on from
        elsewhere. Where the branch was rewritten since, it is what the branch is now.

        Args:
            recorded: What the project records.

        Raises:
            StandardError: The recorded commit was never fetched here, or it cannot be used.
        """
        cached = self.cache.of(recorded.url)
        if not cached.holds(recorded.commit):
            raise _not_kept(recorded)
        found = cached.newest(recorded.revision)
        if found is None or not found.moves or _step(cached, recorded, found) == "back":
            return self.kept(recorded)
        return read_edition(cached.repository, dataclasses.replace(recorded, commit=found.commit))

    def usable_kept(self, recorded: RecordedStandard) -> Edition:
        """Return the newest commit as `newest_kept` does, or the recorded one where that is broken.

        One bad commit hides nothing of the projects that follow an earlier one: it is a warning.

        Args:
            recorded: What the project records.

        Raises:
            StandardError: The recorded commit was never fetched here, or cannot be used either.
        """
        try:
            return self.newest_kept(recorded)
        except StandardError as error:
            warning = f"{error} Until that is mended, projects count by the commit they record."
            return dataclasses.replace(self.kept(recorded), warnings=(warning,))

    def kept_of(self, where: str) -> Edition:
        """Return a standard that a person named, without a network: only a path is looked at.

        Args:
            where: `WHERE[@REVISION]`: a name of the configuration, an address, or a path.

        Raises:
            StandardError: It was never fetched here, or cannot be used.
        """
        named = self._locate(where)
        if named.place.is_path:
            found, warnings = named.fetch()
            return _edition(named, found, warnings, is_for_others=False)
        found = named.cached.newest(named.revision)
        if found is None:
            raise StandardError(
                f"The standard at `{named.place.address}` is not kept here, and nothing is fetched "
                f"now. {_HOW_TO_FETCH}"
            )
        recorded = RecordedStandard(
            url=named.cached.address, commit=found.commit, revision=named.revision
        )
        return read_edition(named.cached.repository, recorded)

    def _configured(self, recorded: RecordedStandard, project: Path) -> _Named:
        """Find the address that a project records among those that the person trusts."""
        for text in self.names.values():
            if recorded.url in _addresses(text):
                return dataclasses.replace(self._locate(text, recorded), says_revision=False)
        raise StandardError(
            f"`{project}` records the standard `{recorded.url}`, and an address is used only where "
            "you name it.",
            remedy="standard",
        )

    def _before(self, recorded: RecordedStandard, named: _Named, project: Path) -> Edition:
        """Return the standard as a project has it, from what a person named."""
        holders = [named.cached]
        if any(recorded.url in _addresses(text) for text in self.names.values()):
            holders.append(self.cache.of(recorded.url))
        if not any(each.holds(recorded.commit) for each in holders):
            named.cached.fetch_commit(named.place, recorded.commit)
        for cached in holders:
            if cached.holds(recorded.commit):
                return read_edition(cached.repository, recorded)
        raise StandardError(
            f"`{project}` follows commit {recorded.commit} of the standard `{recorded.url}`, which "
            f"`{named.place.address}` does not hold. Name a repository that holds it, or the "
            "recorded address below `[standards]` in your configuration.",
        )

    def _locate(self, text: str, recorded: RecordedStandard | None = None) -> _Named:
        """Find what a person named; of several addresses the one that is recorded counts."""
        where = parse_where(text, self.names)
        place = Where(address=where.address)
        if not where.is_path:
            return _Named(self.cache.of(where.address), place, where.revision, bool(where.revision))
        folder = Path(where.address)
        if not is_folder(folder):
            cached = self.cache.of(where.address)
            gone = self._no_folder(text, folder)
            if not cached.is_there:
                raise gone
            return _Named(cached, place, where.revision, bool(where.revision), gone)
        check_clone(folder, committed=not where.revision)
        addresses = addresses_of(folder)
        address = recorded.url if recorded and recorded.url in addresses else addresses[0]
        return _Named(self.cache.of(address), place, where.revision, bool(where.revision))

    def _no_folder(self, text: str, folder: Path) -> StandardError:
        """Return the error of what stands for a folder that is not there."""
        wanted = text.partition("@")[0]
        # A project's own record leads to the address of a name, and not to the name.
        names = [name for name, where in self.names.items() if name == wanted or where == text]
        if names:
            return StandardError(
                f"`{names[0]}` is the folder `{folder}` in your configuration, and there is none. "
                "Change it below `[standards]`, or put the folder back."
            )
        return StandardError(
            f"{quoted(text, longest=LONGEST_SHOWN)} is no name in your configuration, no address "
            "and no folder. Give one of them."
        )


_Step = Literal["on", "back", "aside"]
"""From one commit of a branch to another: `aside` where the branch was rewritten."""


def _step(cached: Cached, recorded: RecordedStandard, found: Found) -> _Step:
    """Return where a branch leads to from the commit that a project records; both are kept."""
    if cached.leads_to(recorded.commit, found.commit):
        return "on"
    return "back" if cached.leads_to(found.commit, recorded.commit) else "aside"


def _told(
    step: _Step, named: _Named, recorded: RecordedStandard, found: Found, *, asked: bool
) -> str:
    """Return what to know of a branch that does not go on from what a project records.

    Args:
        step: Where it leads.
        named: What a person named.
        recorded: What the project records.
        found: The branch as it is there.
        asked: Whether the person asked for the branch.
    """
    former, now = recorded.commit[:12], found.commit[:12]
    what = f"The branch of the standard at `{named.place.address}`"
    if step == "aside":
        return (
            f"{what} was rewritten: its commit {now} does not go on from {former}, which the "
            "project followed."
        )
    if asked:
        return f"{what} is at commit {now}, an earlier one than {former}: the project goes back."
    return (
        f"{what} is at commit {now}, an earlier one than the project follows: it stays at commit "
        f"{former}. To go back name it with `@{now}`."
    )


def _addresses(text: str) -> tuple[str, ...]:
    """Return the addresses that an entry of the configuration stands for."""
    where = parse_where(text)
    folder = Path(where.address)
    return addresses_of(folder) if where.is_path and is_folder(folder) else (where.address,)


@dataclass(frozen=True, slots=True)
class _Named:
    """What a person named.

    Attributes:
        cached: What is kept of it.
        place: Where to fetch it from.
        revision: The revision that counts.
        says_revision: Whether they named it.
        gone: Why it cannot be fetched, where it is a folder that is not there any more.
    """

    cached: Cached
    place: Where
    revision: str
    says_revision: bool
    gone: StandardError | None = None

    def fetch_now(self) -> Found | None:
        """Fetch it, and return what its revision is; what was fetched before does not do.

        Raises:
            StandardError: It cannot be fetched.
        """
        if self.gone:
            raise self.gone
        return self.cached.fetch(self.place, self.revision)

    def fetch(self) -> tuple[Found | None, list[str]]:
        """Fetch it; where that fails and it is kept, say so and go on.

        Returns:
            What its revision is, and what to know besides, a sentence each.
        """
        try:
            return self.fetch_now(), []
        except StandardError as error:
            found = self.cached.find(self.revision, self.place)
            # Of a folder that is there what is wrong can be mended.
            if found is None or (self.place.is_path and not self.gone):
                raise
            return found, [f"{error} What was fetched before is used."]


def checked_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names of standards in a configuration, if each has an address that is allowed.

    Args:
        names: Name to address, which may have a revision.

    Raises:
        StandardError: One has not.
    """
    for text in names.values():
        if parse_where(text).is_path and not text.startswith(("/", "~")):
            raise StandardError(
                f"{quoted(text)} is another folder at every place. Give an absolute path."
            )
    return dict(names)


def _not_pushed(named: _Named, commit: str) -> list[str]:
    """Return what to know of a commit that a clone has and its origin, as far as it knows, not."""
    place, address = named.place, named.cached.address
    if not place.is_path or place.address == address:
        return []
    clone = git.Repository(folder=Path(place.address), settings=git.ANY_OWNER)
    if clone.ask("for-each-ref", "--count=1", f"--contains={commit}", "refs/remotes"):
        return []
    warning = (
        f"Commit {commit[:12]} of the standard is not in `{address}` yet: push it, or nobody else "
        "can update the project."
    )
    return [warning]


def _edition(
    named: _Named, found: Found | None, warnings: list[str], *, is_for_others: bool = True
) -> Edition:
    """Read what a person named, as it was fetched last.

    Args:
        named: What they named.
        found: Its revision; nothing where it has none of that name.
        warnings: What to know besides.
        is_for_others: Whether a project will record it, so that others have to fetch it, too.
    """
    if found is None:
        raise _no_revision(named, warnings)
    recorded = RecordedStandard(
        url=named.cached.address, commit=found.commit, revision=named.revision
    )
    if is_for_others:
        warnings += _not_pushed(named, found.commit)
    return read_edition(named.cached.repository, recorded, warnings=tuple(warnings))


def _no_revision(named: _Named, warnings: list[str]) -> StandardError:
    if not named.revision and named.cached.has_branches(named.place):
        return StandardError(
            f"The `HEAD` of the standard at `{named.place.address}` names a branch that is not "
            "there. Name one that it has behind the address, as `@BRANCH`."
        )
    revision = f"no `{named.revision}`" if named.revision else "no commit"
    before = f"{warnings[0]} " if warnings else ""
    return StandardError(
        f"{before}The standard at `{named.place.address}` has {revision}. Name a branch, a tag or "
        "a commit that it has."
    )


def _not_kept(recorded: RecordedStandard) -> StandardError:
    return StandardError(
        f"Commit {recorded.commit} of the standard `{recorded.url}` is not kept here. "
        f"{_HOW_TO_FETCH}"
    )
