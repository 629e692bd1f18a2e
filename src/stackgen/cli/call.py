"""One call of the command line: how it ends, and what is known of it if it fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path


class Outcome(Enum):
    """How a command ends that did what it was called for."""

    DONE = auto()
    NEEDS_YOU = auto()


@dataclass(slots=True)
class Call:
    """What a failure should tell of a call; commands fill it in as they go.

    Attributes:
        as_json: Whether a program reads the result.
        command: The name of the command; empty until it is known.
        path: The project that is worked on; nothing until it is known.
        done: What is done and stays so, whatever comes after it: a sentence, or nothing yet.
    """

    as_json: bool = False
    command: str = ""
    path: Path | None = None
    done: str = ""
