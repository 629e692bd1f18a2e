"""Where a transaction takes place, and what concludes one there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from stackgen.changes.journal import PlaceKind, Reference


class Place(Protocol):
    """A work tree with git's index, or a folder whose git is left alone."""

    @property
    def kind(self) -> PlaceKind:
        """How a journal calls it."""

    @property
    def top(self) -> Path:
        """What the paths of moves are relative to."""

    @property
    def project(self) -> Path:
        """The project's directory."""

    @property
    def stages(self) -> Sequence[Path]:
        """Where the staging directories of its transactions are, the best place first."""

    def is_private(self, parent: Path) -> bool:
        """Whether no repository or archive brings anything to one of these."""

    def prepare(self, stage: Path) -> None:
        """Give a staging directory what `conclude` puts in its place."""

    def lock(self, stage: Path) -> None:
        """Keep others away; a `ProjectError` where they are at work."""

    def refuse_changed(self, stage: Path) -> None:
        """Raise a `ProjectError` for what others did since the staging directory was prepared."""

    def conclude(self, stage: Path) -> None:
        """Make the change by one last step that is done or not, and never half."""

    def unlock(self, stage: Path) -> None:
        """Let others in again, where `lock` kept them away."""

    def is_concluded(self, stage: Path, *, moved: bool) -> bool:
        """Whether the last step was done; `moved` says whether all moves before it were."""

    def set_reference(self, reference: Reference) -> None:
        """Set a reference of git's, where there is one to set."""
