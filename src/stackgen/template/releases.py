"""The releases of stackgen: entries of a file in its repository, and tags."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from stackgen.errors import SourceError
from stackgen.foreign_text import quoted
from stackgen.template.clone import Clone
from stackgen.template.objects import Directory, Objects

FILE = "releases.toml"
"""A commit cannot hold its own name, so the entry of a release is added by a later one. That one
is the same release as long as it changes nothing but this file."""

_VERSION = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release that a clone names.

    Attributes:
        version: Its version.
        commit: The commit that holds it.
        is_here: Whether the clone has that commit.
        is_past: Whether that went into the commit that is checked out.
    """

    version: Version
    commit: str
    is_here: bool
    is_past: bool

    @property
    def tag(self) -> str:
        """What projects record that follow it."""
        return f"v{self.version}"


def read_releases(text: str) -> dict[Version, str]:
    """Return the commit of each release that a releases file names.

    Args:
        text: What the file holds; empty where there is none.

    Raises:
        SourceError: It is malformed.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"`{FILE}` is not TOML: {error}.") from error
    entries = document.pop("releases", [])
    if document or not isinstance(entries, list):
        raise SourceError(f"`{FILE}` may hold entries `[[releases]]` and nothing else.")
    found: dict[Version, str] = {}
    for number, entry in enumerate(entries, 1):
        version, commit = _entry(entry, f"entry {number} in `{FILE}`")
        if version in found:
            raise SourceError(f"`{FILE}` has {version} twice. Remove one of the entries.")
        found[version] = commit
    return found


def known_releases(clone: Clone, objects: Objects) -> list[Release]:
    """Return the releases that a clone names, by its file or by tags `vX.Y.Z`, oldest first.

    Raises:
        SourceError: The file is malformed, or it and a tag name different releases.
        RenderError: git failed.
    """
    entries = read_releases(clone.content(FILE))
    tags = {version: name for tag, name in clone.tags().items() if (version := _tagged(tag))}
    ancestors = clone.ancestors()
    entered = {
        version: commit
        for version, commit in entries.items()
        if commit in ancestors or clone.holds(commit)
    }
    for version in sorted(tags.keys() & entered.keys()):
        if not _is_same(clone, objects, tags[version], entered[version]):
            raise SourceError(
                f"Tag `v{version}` names commit `{tags[version][:12]}`, and `{FILE}` names "
                f"`{entered[version][:12]}`, which differs. Correct the one that is wrong."
            )
    commits = entries | tags | entered
    here = tags.keys() | entered.keys()
    return [
        Release(
            version=version,
            commit=commits[version],
            is_here=version in here,
            # What a shallow clone names and does not have was made before its history begins.
            is_past=commits[version] in ancestors or (clone.is_shallow and version not in here),
        )
        for version in sorted(commits)
    ]


def release_of_head(clone: Clone, objects: Objects, releases: Iterable[Release]) -> Release | None:
    """Return the release that the commit checked out is; none if it is a development version.

    It is one by its name, or by differing in nothing from one, unless a later one went into it: a
    version never falls from a commit to the next.

    Raises:
        RenderError: git failed.
    """
    there = [release for release in releases if release.is_here]
    named = [release for release in there if release.commit == clone.head]
    if named:
        return named[-1]
    past = [release for release in there if release.is_past]
    candidates = [each for each in there if not past or each.version >= past[-1].version]
    if not candidates:
        return None
    contents = _contents(clone, objects, [clone.head, *(each.commit for each in candidates)])
    own = contents.get(clone.head)
    same = [each for each in candidates if own and contents.get(each.commit) == own]
    return same[-1] if same else None


def carried_releases(
    releases: Iterable[Release], line: Container[str], version: Version
) -> list[Release]:
    """Return the releases that a build carries: those of its own line, and lower ones of others.

    Args:
        releases: Those that its clone names.
        line: The commits of its line.
        version: What is built.
    """
    return [
        release
        for release in releases
        if release.is_here and (release.commit in line or release.version < version)
    ]


def _entry(entry: Any, place: str) -> tuple[Version, str]:
    if not isinstance(entry, Mapping) or entry.keys() != {"version", "commit"}:
        raise SourceError(f"{place[0].upper()}{place[1:]} must have `version` and `commit` only.")
    version, commit = entry["version"], entry["commit"]
    if not (isinstance(version, str) and _is_version(version)):
        raise SourceError(f"`version` of {place} is {quoted(version)}, and must be like `1.2.0`.")
    if not (isinstance(commit, str) and _COMMIT.fullmatch(commit)):
        raise SourceError(f"`commit` of {place} is {quoted(commit)}, and must be a whole name.")
    return Version(version), commit


def _is_version(text: str) -> bool:
    return bool(_VERSION.fullmatch(text)) and str(Version(text)) == text


def _tagged(tag: str) -> Version | None:
    version = tag.removeprefix("v")
    return Version(version) if tag.startswith("v") and _is_version(version) else None


def _is_same(clone: Clone, objects: Objects, one: str, other: str) -> bool:
    """Whether two commits differ in nothing that a build holds, as far as that can be told."""
    if one == other:
        return True
    contents = _contents(clone, objects, [one, other])
    return contents.get(one) == contents.get(other)


def _contents(clone: Clone, objects: Objects, names: Iterable[str]) -> dict[str, Directory]:
    """Return what builds of commits hold, without those of which a partial clone cannot tell."""
    commits = objects.complete(clone.commits(names), files=False)
    tops = objects.directories(commit.tree for commit in commits)
    return {
        commit.name: {name: entry for name, entry in tops[commit.tree].items() if name != FILE}
        for commit in commits
    }
