"""What flags and an answers file give, put together and checked; flags go before the file."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen.errors import AnswerError, OptionError, StackgenError
from stackgen.project.answers_file import (
    LARGEST_FILE,
    AnswersFile,
    decode_answers,
    read_answers_file,
)
from stackgen.project.installation import load_installation

IDLE_SECONDS = 5
"""How long `--answers -` waits for a pipe on which nothing comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Answers and options that need not be asked for, each with a name and value that exist."""

    answers: Mapping[str, str]
    options: Mapping[str, Any]


def gather(
    file: str | None,
    answers: Sequence[str] | None,
    options: Sequence[str] | None = None,
    framework: str | None = None,
) -> Given:
    """Put flags and file together and check every name and value.

    Args:
        file: What `--answers` names; `-` is standard input.
        answers: The words after each `--answer`.
        options: The words after each `--set`.
        framework: The word after `--framework`.

    Raises:
        AnswerError: A question, a choice or the file is wrong.
        OptionError: An option or value is wrong, or two flags contradict each other.
    """
    loaded = AnswersFile() if file is None else _read(file)
    flags = pairs("--set", "OPTION=VALUE", options or [], OptionError)
    if framework is not None:
        if flags.get("framework", framework) != framework:
            raise OptionError(
                f"`--framework {framework}` and `--set framework={flags['framework']}` "
                "contradict each other. Give one of them."
            )
        flags["framework"] = framework
    told = pairs("--answer", "QUESTION=CHOICE", answers or [], AnswerError)
    questionnaire, template = load_installation()
    options_of_file = loaded.options
    if loaded.of_project and "framework" in flags:
        options_of_file = template.carried_over(options_of_file, flags["framework"])
    return Given(
        answers=questionnaire.check({**loaded.answers, **told}),
        options={**template.parse(options_of_file), **template.parse(flags)},
    )


def pairs(flag: str, form: str, words: Sequence[str], error: type[StackgenError]) -> dict[str, str]:
    """Split words such as `name=value`, given after a flag that may be repeated.

    Args:
        flag: The flag, for messages.
        form: What a word should look like, for messages.
        words: The words.
        error: What to raise.
    """
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise error(f"`{flag} {word}` is not of the form {form}.")
        if found.setdefault(name, value) != value:
            raise error(
                f"`{flag} {name}={found[name]}` and `{flag} {word}` contradict each other. "
                "Give one of them."
            )
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
