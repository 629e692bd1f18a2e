"""What the words of a call name: pairs after flags, and an answers file or a pipe."""

from __future__ import annotations

import os
import select
import stat
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
"""How long `--answers` waits for a pipe on which nothing comes."""


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
        if sys.stdin.isatty():
            raise AnswerError("`--answers -` reads a pipe, and stdin is a terminal. Name a file.")
        return decode_answers(_drain(0, "--answers -", "stdin"), "stdin")
    path = Path(file)
    if _is_pipe_or_device(path):
        return decode_answers(_read_pipe_or_device(path), file)
    return read_answers_file(path)


def _is_pipe_or_device(path: Path) -> bool:
    """Tell whether reading may wait for somebody who writes."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False  # Whoever opens it says why it cannot be read.
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _read_pipe_or_device(path: Path) -> bytes:
    try:
        # Opening a named pipe waits as well, until somebody opens its other end.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise AnswerError(f"`{path}` cannot be read: {error.strerror or error}.") from error
    try:
        if os.isatty(descriptor):
            raise AnswerError(f"`--answers {path}` is a terminal. Name a file.")
        return _drain(descriptor, f"--answers {path}", "the pipe")
    finally:
        os.close(descriptor)


def _drain(descriptor: int, call: str, name: str) -> bytes:
    """Read to the end, but never wait long for what does not come."""
    data, deadline = b"", time.monotonic() + IDLE_SECONDS
    while len(data) <= LARGEST_FILE:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise AnswerError(
                f"`{call}`: nothing came from {name} for {IDLE_SECONDS} seconds, and it is still "
                "open. Close it, or name a file."
            )
        try:
            chunk = os.read(descriptor, 65536)
        except BlockingIOError:  # Somebody else was faster.
            continue
        if not chunk:
            break
        data, deadline = data + chunk, time.monotonic() + IDLE_SECONDS
    return data
