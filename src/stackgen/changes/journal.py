"""The journal of a transaction: what is moved, and what another process must know of it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from stackgen.changes.files import refuse_outside
from stackgen.changes.seal import is_sealed, write_seal
from stackgen.changes.staging import JOURNAL
from stackgen.errors import ProjectError, RenderError
from stackgen.foreign_text import quoted

UNDO = "refs/worktree/stackgen/undo/"
"""What references begin with that keep what taking a change back needs."""

_NAMES = {"", "HEAD"}
"""What else a transaction sets: nothing, or the commit that is checked out."""

PlaceKind = Literal["work tree", "folder"]
"""Whether git's index is part of a transaction."""


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
    """A reference of git's to set when the change is made.

    Attributes:
        name: Its name; empty where there is none to set.
        object: What it is set to; empty where it is deleted.
        previous: What it must be until then, or it is left alone; empty where that does not matter.
        reason: What git's log of references says of it.
    """

    name: str
    object: str
    previous: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """What another process must know to move everything back, or to finish.

    Attributes:
        moves: The moves, in their order.
        made: The directories that are made for files, relative to the top.
        reference: What is set once the moves are made.
        takes_back: Whether they take an earlier change back.
        place: The kind of place that they are made in.
    """

    moves: Sequence[Move]
    made: Sequence[str]
    reference: Reference
    takes_back: bool
    place: PlaceKind

    def write(self, stage: Path) -> None:
        """Write it into a staging directory, sealed, whole or not at all."""
        content = json.dumps(asdict(self)).encode("ascii")
        write_seal(stage, content)
        unfinished = stage / f"{JOURNAL}.new"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(stage / JOURNAL)

    @classmethod
    def read(cls, stage: Path, *, is_private: bool) -> Journal:
        """Read the one in a staging directory.

        Args:
            stage: The staging directory.
            is_private: Whether nobody but this user writes where it lies; elsewhere it must bear
                the user's seal.

        Raises:
            RenderError: It cannot be read.
            ProjectError: It has no seal and needs one, or names what no transaction changes.
        """
        try:
            content = (stage / JOURNAL).read_bytes()
            if not (is_private or is_sealed(stage, content)):
                raise ProjectError(
                    f"`{stage}` looks like what a killed run leaves, and is not of a run of yours: "
                    "it may have come with the project. Look at what is in it, and remove it."
                )
            values = json.loads(content)
            moves = [Move(**fields) for fields in values["moves"]]
            reference = Reference(**values["reference"])
            place = values.get("place", "work tree")  # Earlier versions knew no other.
            journal = cls(moves, values["made"], reference, values["takes_back"], place)
        except (ValueError, LookupError, TypeError) as error:
            raise RenderError(
                f"The journal of an interrupted run, in `{stage}`, cannot be read: {error}."
            ) from error
        refuse_outside([*(move.path for move in journal.moves), *journal.made])
        if journal.reference.name not in _NAMES and not journal.reference.name.startswith(UNDO):
            raise ProjectError(
                f"The journal in `{stage}` sets {quoted(journal.reference.name)}, which no run of "
                "stackgen does. Look at what is in that directory, and remove it."
            )
        return journal
