"""The states that the template went through."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from stackgen.template.clone import CARRIED, Clone, Commit
from stackgen.template.objects import Directory, Objects
from stackgen.template.releases import Release

Template = tuple[tuple[str, str], ...]
"""Mode and object of `copier.yml` and of `templates/`."""


@dataclass(slots=True, kw_only=True)
class State:
    """The template as it was for a while.

    Attributes:
        template: What it was.
        name: The commit that made it so, or the version of a build that differs from its commit.
        time: When, in seconds since 1970.
        commits: The commits that have it.
        tags: The versions that have it.
    """

    template: Template
    name: str
    time: int
    commits: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Lineage:
    """What the template went through before a build.

    Attributes:
        line: The states that it had while its commits were the head of the branch, oldest first.
        others: Those of releases that other branches have.
        omitted: The commits of the line whose state is in neither.
        is_shallow: Whether the line begins where a clone was cut off.
    """

    line: list[State] = field(default_factory=list)
    others: list[State] = field(default_factory=list)
    omitted: set[str] = field(default_factory=set)
    is_shallow: bool = False

    @property
    def states(self) -> list[State]:
        """All of them, those of the line first."""
        return [*self.line, *self.others]

    def add_build(self, template: Template, tag: str, time: int) -> None:
        """Give the last state of the line a version, or add one if the template is not the same."""
        if not (self.line and self.line[-1].template == template):
            self.line.append(State(template=template, name=tag, time=time))
        if tag not in self.line[-1].tags:
            self.line[-1].tags.append(tag)

    def omit_oldest(self, share: float) -> bool:
        """Leave out a share of the states that are no version; say whether there were any."""
        candidates = [state for state in self.line if not state.tags]
        for state in candidates[: math.ceil(len(candidates) * share)]:
            self.line.remove(state)
            self.omitted.update(state.commits)
        return bool(candidates)


def template_of(top: Directory) -> Template | None:
    """Return the template in the top directory of a commit; none if it is not there."""
    found = tuple(top[name] for name in CARRIED if name in top)
    return found if len(found) == len(CARRIED) else None


def clone_lineage(clone: Clone, objects: Objects, releases: Sequence[Release]) -> Lineage:
    """Return what the template went through in a clone.

    Args:
        clone: The clone.
        objects: Its objects.
        releases: The releases that are named, those of other branches included.

    Raises:
        RenderError: git failed.
    """
    line = clone.line()
    names = {commit.name for commit in line}
    others = clone.commits(each.commit for each in releases if each.commit not in names)
    complete = objects.complete([*line, *others], files=True)
    tops = objects.directories(commit.tree for commit in complete)
    lineage = Lineage(is_shallow=clone.is_shallow)
    for commit in complete:
        template = template_of(tops[commit.tree])
        if template:
            _add(lineage, commit, template, on_line=commit.name in names)
    by_commit = {name: state for state in lineage.states for name in state.commits}
    for release in releases:
        if release.commit in by_commit:
            by_commit[release.commit].tags.append(release.tag)
    lineage.omitted = names.difference(commit.name for commit in complete)
    return lineage


def _add(lineage: Lineage, commit: Commit, template: Template, *, on_line: bool) -> None:
    states = lineage.line if on_line else lineage.others
    if not (on_line and states and states[-1].template == template):
        states.append(State(template=template, name=commit.name, time=commit.time))
    states[-1].commits.append(commit.name)
