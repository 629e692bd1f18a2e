"""The journal of a transaction: what is moved, and what another process must know of it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from stackgen.changes.files import refuse_outside
from stackgen.changes.staging import JOURNAL
from stackgen.errors import RenderError


@dataclass(frozen=True, slots=True)
class Move:
    """One file of a transaction.

    Attributes:
        path: Its path relative to the top of the work tree.
        before: The fingerprint of the file that goes, or empty.
        after: The fingerprint of the file that comes, or empty.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of git's to set when the change is made: to an object, or to none."""

    name: str
    object: str


@dataclass(frozen=True, slots=True)
class Journal:
    """What another process must know to move everything back, or to finish.

    Attributes:
        moves: The moves, in their order.
        made: The directories that are made for files, relative to the top.
        reference: What is set once the moves are made.
        takes_back: Whether they take an earlier change back.
    """

    moves: Sequence[Move]
    made: Sequence[str]
    reference: Reference
    takes_back: bool

    def write(self, stage: Path) -> None:
        """Write it into a staging directory, whole or not at all."""
        unfinished = stage / f"{JOURNAL}.new"
        with unfinished.open("w", encoding="ascii") as file:
            json.dump(asdict(self), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(stage / JOURNAL)

    @classmethod
    def read(cls, stage: Path) -> Journal:
        """Read the one in a staging directory.

        Raises:
            RenderError: It cannot be read.
            ProjectError: It names files outside the work tree.
        """
        try:
            values = json.loads((stage / JOURNAL).read_text("ascii"))
            moves = [Move(**fields) for fields in values["moves"]]
            reference = Reference(**values["reference"])
            journal = cls(moves, values["made"], reference, values["takes_back"])
        except (ValueError, LookupError, TypeError) as error:
            raise RenderError(
                f"The journal of an interrupted update, in `{stage}`, cannot be read: {error}."
            ) from error
        refuse_outside([move.path for move in journal.moves])
        return journal
