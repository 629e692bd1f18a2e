"""What is to become of the files of a project, by the contents that git keeps for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from stackgen import git

BASE, OURS, THEIRS = 1, 2, 3
"""Stages of an unmerged file: git-merge(1), "True merge"."""


class Entry(NamedTuple):
    """A file in a tree: git's mode and the name of its content."""

    mode: str
    name: str


Tree = Mapping[str, Entry]
"""Files by their path relative to the project, with `/`."""

Stages = Mapping[int, Entry]
"""The versions of a file in conflict, by stage."""


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """Files of a project before and after a change.

    Attributes:
        before: The project as committed.
        after: What it becomes, files in conflict with markers.
        conflicts: Path in conflict to its versions.
        objects: The directory of git objects that holds the contents of `after` and `conflicts`.
    """

    before: Tree
    after: Tree
    conflicts: Mapping[str, Stages]
    objects: Path

    @cached_property
    def paths(self) -> list[str]:
        """The paths that change, sorted."""
        paths = self.before.keys() | self.after.keys()
        different = {path for path in paths if self.before.get(path) != self.after.get(path)}
        return sorted(different | self.conflicts.keys())

    @property
    def added(self) -> list[str]:
        """The paths of files that are not there yet, sorted."""
        return [path for path in self.paths if path in self.after and path not in self.before]

    @property
    def submodules(self) -> list[str]:
        """The submodules that are in the place of a file, sorted."""
        return [
            path
            for path in self.paths
            if path in self.before and self.before[path].mode == git.SUBMODULE
        ]

    def without(self, paths: Collection[str]) -> ChangeSet:
        """Return the same change with these files deleted."""
        return replace(
            self,
            after={path: entry for path, entry in self.after.items() if path not in paths},
            conflicts={path: found for path, found in self.conflicts.items() if path not in paths},
        )
