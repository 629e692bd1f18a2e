"""What an update does, or did, to a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from stackgen.project.standard_record import RecordedStandard
from stackgen.template.options import OptionMigrations

FileState = Literal[
    "unchanged", "updated", "merged", "added", "deleted", "conflict", "kept-deleted"
]
"""What becomes of a file. `updated` had no edits of yours, `merged` has them still, and
`kept-deleted` stays deleted although the template has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUpdate:
    """A file of the template or of the project, relative with `/`, and what becomes of it."""

    path: str
    state: FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an update does, or did.

    Attributes:
        path: The project's directory.
        from_tag: The version that it followed.
        to_tag: The version that it follows then.
        files: Every file that the template has or had, sorted by path.
        conflicts: The files that a person has to finish.
        discarded: Files with edits that go, because the template has them no more.
        defaulted: Options that are new in this version: id to the value they got.
        untracked: Files of the template that are there but not in git: left as they are.
        from_standard: The team's standard that it followed; or none.
        to_standard: The one that it follows then; or none.
        held: Options that the standard gave another value: id to why.
        warnings: What else a person should know, a sentence each.
        kept: Migrations that stay although their option is switched off.
        diff: The change as a unified diff, where it was asked for.
        undo: The command that takes it back; empty where nothing was written.
    """

    path: Path
    from_tag: str
    to_tag: str
    files: tuple[FileUpdate, ...] = ()
    conflicts: tuple[str, ...] = ()
    discarded: tuple[str, ...] = ()
    defaulted: Mapping[str, Any] = field(default_factory=dict)
    untracked: tuple[str, ...] = ()
    from_standard: RecordedStandard | None = None
    to_standard: RecordedStandard | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    kept: tuple[OptionMigrations, ...] = ()
    diff: str = ""
    undo: str = ""

    @property
    def behind(self) -> bool:
        """Whether the project followed an earlier version: a later one would be refused.

        So it is where the standard that it follows has moved on.
        """
        return self.from_tag != self.to_tag or self.from_standard != self.to_standard
