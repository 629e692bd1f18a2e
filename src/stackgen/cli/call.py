"""One call of the command line: how it ends, and what is known of it if it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from stackgen.errors import StackgenError
from stackgen.signals import Work


class Outcome(Enum):
    """How a command ends that did what it was called for."""

    DONE = auto()
    NEEDS_YOU = auto()


class SeveralError(Exception):
    """Some of the things that a command was called for failed; it did the others.

    Attributes:
        errors: Why each failed; at least one.
    """

    def __init__(self, errors: Sequence[StackgenError]) -> None:
        """Take why each failed.

        Args:
            errors: See `SeveralError`.
        """
        super().__init__(" ".join(map(str, errors)))
        self.errors = tuple(errors)


@dataclass(slots=True)
class Call:
    """What a failure should tell of a call; commands fill it in as they go.

    Attributes:
        as_json: Whether a program reads the result.
        command: The name of the command; empty until it is known.
        path: The project that is worked on; nothing until it is known.
        discarded: Files with edits for which it was refused.
        output: What a program gets to read besides the error.
        work: What signals would interrupt; it knows what is done and stays so.
    """

    as_json: bool = False
    command: str = ""
    path: Path | None = None
    discarded: Sequence[str] = ()
    output: Mapping[str, object] = field(default_factory=dict)
    work: Work = field(default_factory=Work)
