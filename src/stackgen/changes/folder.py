"""A folder as the place of a transaction: files come, and with them a whole repository or none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from stackgen.changes.journal import PlaceKind, Reference
from stackgen.changes.staging import exclusive
from stackgen.errors import ProjectError

REPOSITORY = "repository"
"""What becomes `.git`, in a staging directory; that it is gone from there makes the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder in which git is left alone, whatever repository it lies in.

    Attributes:
        top: Its absolute path.
    """

    top: Path

    kind: ClassVar[PlaceKind] = "folder"

    @property
    def project(self) -> Path:
        """The folder itself."""
        return self.top

    @property
    def stages(self) -> Sequence[Path]:
        """Where the staging directories of its transactions are: its parent may be read-only."""
        return [self.top]

    def is_private(self, _parent: Path) -> bool:
        """Say no: the folder may have been cloned or unpacked."""
        return False

    def locked(self) -> AbstractContextManager[None]:
        """Keep other runs of stackgen in this folder away for as long as the context lasts.

        Raises:
            ProjectError: One is at work.
        """
        return exclusive(self.top, self.top)

    def prepare(self, stage: Path) -> None:
        """Make what `conclude` takes away: an empty directory, which may become a repository."""
        (stage / REPOSITORY).mkdir()
        # After a kill nobody commits what was left, with the secrets in it.
        (stage / ".gitignore").write_text("*\n", "ascii")

    def lock(self, _stage: Path) -> None:
        """Do nothing: there is no program but stackgen to be kept away."""

    def refuse_changed(self, stage: Path) -> None:
        """Refuse a repository that was made here meanwhile.

        Raises:
            ProjectError: There is one, and another was to come.
        """
        if _comes(stage) and os.path.lexists(self.top / ".git"):
            raise ProjectError(f"`{self.top}` changed meanwhile. Run it again.")

    def conclude(self, stage: Path) -> None:
        """Make the change: the repository takes its place, or what stood for none goes."""
        if _comes(stage):
            (stage / REPOSITORY).rename(self.top / ".git")
        else:
            (stage / REPOSITORY).rmdir()

    def unlock(self, _stage: Path) -> None:
        """Do nothing, as `lock` does."""

    def is_concluded(self, stage: Path, *, moved: bool) -> bool:
        """Whether the change that a staging directory prepared was made."""
        return moved and not (stage / REPOSITORY).exists()

    def set_reference(self, _reference: Reference) -> None:
        """Do nothing: git is left alone."""


def _comes(stage: Path) -> bool:
    return any((stage / REPOSITORY).iterdir())
