"""Which versions of the template a history holds, and under what name each is found.

A history is the bundle that a build carries, or the clone that an editable installation reads. In
a bundle refs say it, so that its first lines are enough to know:

    refs/heads/main          the version that was built, and the states of the template before it
    refs/tags/TAG            a release, or the version that was built
    refs/commits/DIGITS      a commit of the line, by the first digits of its name
    refs/omitted/DIGITS      a commit of the line whose state of the template is left out
    refs/shallow             the line begins where the history of the clone was cut off

The line are the first parents of the commit that was built: what was once the head of its branch.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stackgen import git_objects
from stackgen.template.clone import Clone, find_clone
from stackgen.template.objects import Objects
from stackgen.template.releases import carried_releases, known_releases
from stackgen.template.versions import DIGITS, Tag, parse_tag

HEAD, MAIN = "HEAD", "refs/heads/main"
TAGS, COMMITS, OMITTED, SHALLOW = "refs/tags/", "refs/commits/", "refs/omitted/", "refs/shallow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The versions in a history.

    Attributes:
        tags: Releases, and the version that the history belongs to: tag to a commit of the history.
        commits: The commits of the line by their first digits: the same.
        omitted: The first digits of those that the history leaves out.
        is_shallow: Whether the line is cut off.
    """

    tags: Mapping[str, str]
    commits: Mapping[str, str]
    omitted: frozenset[str] = frozenset()
    is_shallow: bool = False

    def find(self, tag: Tag) -> str | None:
        """Return the history's commit of a version; none if it does not hold that."""
        if tag.text in self.tags or tag.is_dirty:
            return self.tags.get(tag.text)
        return self.commits.get(tag.commit)

    def releases_between(self, former: str, present: str) -> int:
        """Return how many releases came after a version, up to another one.

        Development versions count for nothing, but the releases that came before them do.
        """
        found = [tag.version for tag in map(parse_tag, (former, present, *self.tags)) if tag]
        older, newer, *known = found
        return sum(older < each <= newer and not each.is_devrelease for each in known)


def read_index(history: Path | None, tag: str) -> Index:
    """Return what a history holds.

    Args:
        history: A bundle, a clone, or nothing.
        tag: The version that it belongs to: what came later does not count.

    Raises:
        SourceError: The releases that a clone names are malformed or contradict each other.
        RenderError: git failed.
    """
    if history and history.is_file():
        return _of_refs(read_refs(history))
    clone = find_clone(history) if history else None
    return _of_clone(clone, tag) if clone else Index(tags={}, commits={})


def read_refs(bundle: Path) -> dict[str, str]:
    """Return the refs of a bundle with the commits that they name."""
    with bundle.open("rb") as stream:
        lines = itertools.takewhile(lambda line: line != b"\n", stream)
        refs = [line.decode().split() for line in lines if not line.startswith((b"#", b"@"))]
    return {ref: name for name, ref in refs}


def header(refs: Mapping[str, str]) -> bytes:
    """Return what stands before the pack in a bundle with these refs: gitformat-bundle(5)."""
    object_format = git_objects.object_format(*refs.values())
    version = "# v2 git bundle\n"
    if object_format != "sha1":
        version = f"# v3 git bundle\n@object-format={object_format}\n"
    return "".join([version, *(f"{refs[ref]} {ref}\n" for ref in sorted(refs)), "\n"]).encode()


def _of_refs(refs: Mapping[str, str]) -> Index:
    def below(prefix: str) -> dict[str, str]:
        found = {ref: name for ref, name in refs.items() if ref.startswith(prefix)}
        return {ref.removeprefix(prefix): name for ref, name in found.items()}

    return Index(
        tags=below(TAGS),
        commits=below(COMMITS),
        omitted=frozenset(below(OMITTED)),
        is_shallow=SHALLOW in refs,
    )


def _of_clone(clone: Clone, tag: str) -> Index:
    """Return what a bundle would hold that was built where the clone had a version."""
    own = parse_tag(tag)
    if own is None:
        return Index(tags={}, commits={})
    releases = known_releases(clone, Objects(clone.root))
    line = [commit.name for commit in clone.line()]
    by_tag = {release.tag: release.commit for release in releases}
    tip = by_tag.get(tag) or next((name for name in line if name[:DIGITS] == own.commit), None)
    if tip in line:
        line = line[: line.index(tip) + 1]
    carried = carried_releases(releases, frozenset(line), own.version)
    commits = [*line, *(release.commit for release in carried)]
    return Index(
        tags={release.tag: release.commit for release in carried},
        commits={name[:DIGITS]: name for name in commits},
        is_shallow=clone.is_shallow,
    )
