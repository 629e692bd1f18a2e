"""Versions: what they are called, and which one a clone has."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from stackgen import git_objects
from stackgen.template.clone import Clone, carried_files
from stackgen.template.objects import Objects
from stackgen.template.releases import Release, known_releases, release_of_head

DIGITS = 12
"""How much of a commit's name is in a version."""

NAMELESS = "0.0.0.dev0"
"""The version of a source tree that is neither a clone nor an sdist."""

_TAG = re.compile(r"v\d[0-9a-z.+]{0,99}")
_COMMIT = re.compile(r"\+g([0-9a-f]+)(\.dirty\.t[0-9a-f]+)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A version as projects record it.

    Attributes:
        text: The whole: `v1.2.0`, `v1.2.1.dev3+g<commit>`, or that and `.dirty.t<tree>`.
        version: The version.
        commit: The first digits of the commit that a development version was built from.
        clean: The version that this commit has without the changes of a dirty build.
    """

    text: str
    version: Version
    commit: str
    clean: str

    @property
    def is_dirty(self) -> bool:
        """Whether something differed from the commit when it was built."""
        return self.clean != self.text


def parse_tag(text: object) -> Tag | None:
    """Return what a recorded version says; none if it is no version of stackgen's."""
    if not (isinstance(text, str) and _TAG.fullmatch(text)):
        return None
    try:
        version = Version(text)
    except InvalidVersion:
        return None
    found = _COMMIT.search(text)
    commit, dirt = (found[1], found[2] or "") if found else ("", "")
    return Tag(text=text, version=version, commit=commit, clean=text.removesuffix(dirt))


def clone_version(clone: Clone, objects: Objects) -> str:
    """Return the version of a clone as it is now.

    A commit that is a release has its version. Everything else is a development version, of the
    one after the last release that went into it: it counts the commits since then and names its
    own and, where something differs from that, the template's content.

    Args:
        clone: The clone.
        objects: Its objects.

    Raises:
        SourceError: Its releases are malformed or contradict each other.
        RenderError: git failed.
    """
    releases = known_releases(clone, objects)
    is_changed = clone.is_changed()
    released = None if is_changed else release_of_head(clone, objects, releases)
    if released:
        return str(released.version)
    upcoming, distance = _upcoming(clone, releases)
    version = f"{upcoming}.dev{distance}+g{clone.head[:DIGITS]}"
    return f"{version}.dirty.t{_tree(clone)[:DIGITS]}" if is_changed else version


def development_tag(last: Version | None, distance: int, commit: str) -> str:
    """Return what projects record of a commit that is no release.

    Args:
        last: The last release before it; nothing where there is none.
        distance: How many commits it is behind that, or since the beginning.
        commit: The first digits of its name.
    """
    return f"v{_after(last)}.dev{distance}+g{commit}"


def _upcoming(clone: Clone, releases: list[Release]) -> tuple[str, int]:
    """Return the version after the last release in the clone, and the distance from that."""
    past = [release for release in releases if release.is_past]
    if not past:
        return _after(None), clone.distance(None)
    last = past[-1]
    return _after(last.version), clone.distance(last.commit if last.is_here else None)


def _after(last: Version | None) -> str:
    """Return the version that development versions after a release are of."""
    if last is None:
        return "0.0.0"
    major, minor, micro = last.release
    if last.pre:
        letter, number = last.pre
        return f"{major}.{minor}.{micro}{letter}{number + 1}"
    return f"{major}.{minor}.{micro + 1}"


def _tree(clone: Clone) -> str:
    files = git_objects.hash_files(clone.root, carried_files(clone.root, clone))
    with tempfile.TemporaryDirectory(prefix="stackgen-") as folder:
        git_objects.make_repository(Path(folder), object_format=clone.object_format)
        return git_objects.write_entries(Path(folder), files)
