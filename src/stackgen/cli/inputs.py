"""What the words of a call name: pairs after flags, and an answers file or a pipe."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stackgen.errors import AnswerError, CombinationError, OptionError, StackgenError
from stackgen.project.answers_file import (
    LARGEST_FILE,
    AnswersFile,
    decode_answers,
    read_answers_file,
)

IDLE_SECONDS = 5
"""How long `--answers -` waits for a pipe on which nothing comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Answers and options as they were typed, and those of an answers file; none is checked."""

    answers: dict[str, str]
    options: dict[str, str]
    file: AnswersFile | None


def read_inputs(
    file: str | None,
    answers: Sequence[str] | None,
    options: Sequence[str] | None = None,
    framework: str | None = None,
) -> Inputs:
    """Read what flags name.

    Args:
        file: What `--answers` names; `-` is standard input.
        answers: The words after each `--answer`.
        options: The words after each `--set`.
        framework: The word after `--framework`.

    Raises:
        AnswerError: A word is no pair, or the file cannot be read.
        OptionError: A word is no pair.
        CombinationError: Two words contradict each other.
    """
    loaded = None if file is None else _read(file)
    chosen = pairs("--set", "OPTION=VALUE", options or [], OptionError)
    if framework is not None and chosen.setdefault("framework", framework) != framework:
        raise CombinationError.contradiction(
            f"--framework {framework}", f"--set framework={chosen['framework']}"
        )
    return Inputs(
        answers=pairs("--answer", "QUESTION=CHOICE", answers or [], AnswerError),
        options=chosen,
        file=loaded,
    )


def pairs(flag: str, form: str, words: Sequence[str], error: type[StackgenError]) -> dict[str, str]:
    """Split words such as `name=value` that stand after a flag that may be repeated.

    Args:
        flag: The flag, for messages.
        form: What a word should look like, for messages.
        words: The words.
        error: What to raise.

    Raises:
        StackgenError: A word is no pair; of the class that was asked for.
        CombinationError: Two words name one thing and two values.
    """
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise error(f"`{flag} {word}` is not of the form {form}.")
        if found.setdefault(name, value) != value:
            raise CombinationError.contradiction(f"{flag} {name}={found[name]}", f"{flag} {word}")
    return found


def _read(file: str) -> AnswersFile:
    if file == "-":
        return decode_answers(_read_stdin(), "stdin")
    return read_answers_file(Path(file))


def _read_stdin() -> bytes:
    """Read a pipe to its end, but never wait long for one on which nothing comes."""
    if sys.stdin.isatty():
        raise AnswerError("`--answers -` reads a pipe, and stdin is a terminal. Name a file.")
    data, deadline = b"", time.monotonic() + IDLE_SECONDS
    while len(data) <= LARGEST_FILE:
        ready, _, _ = select.select([0], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise AnswerError(
                f"`--answers -`: stdin did not end within {IDLE_SECONDS} seconds of silence. "
                "Close it, or name a file."
            )
        chunk = os.read(0, 65536)
        if not chunk:
            break
        data, deadline = data + chunk, time.monotonic() + IDLE_SECONDS
    return data
