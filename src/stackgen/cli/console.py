"""The streams of the process: what they are connected to, and how they are written to."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from typing import Any, TextIO, TypedDict

from stackgen.errors import RenderError
from stackgen.foreign_text import one_line
from stackgen.text.layout import fold


class Format(TypedDict):
    """How a text should look on a stream."""

    width: int
    colour: bool


class ReaderGoneError(Exception):
    """Whoever read stdout has closed it."""


def open_closed_streams() -> None:
    """Give a closed stdin, stdout or stderr something harmless, before a file takes its number."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def let_any_character_through() -> None:
    r"""Let no character end a call that a stream has no bytes for, or that its bytes are none of.

    What stdout and stderr cannot encode is written by its code, such as `\u2192`. A byte of stdin
    that is no text becomes a character that every check of a text refuses.
    """
    for stream in (sys.stdout, sys.stderr):
        _reconfigure(stream, "backslashreplace")
    _reconfigure(sys.stdin, "surrogateescape")


def _reconfigure(stream: TextIO, errors: str) -> None:
    # A program that calls this one may have put another stream there, or read some of stdin.
    if isinstance(stream, io.TextIOWrapper):
        with contextlib.suppress(io.UnsupportedOperation):
            stream.reconfigure(errors=errors)


def can_ask(answers: str | None = None) -> bool:
    """Return whether there is somebody to ask: stdin and stderr are terminals.

    Args:
        answers: What `--answers` names; stdin is spoken for if it is that.
    """
    return answers != "-" and sys.stdin.isatty() and sys.stderr.isatty()


def has_colour(stream: Any) -> bool:
    """Return whether a stream shows bold and dim."""
    return bool(
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def is_plain_terminal() -> bool:
    """Return whether the terminal knows no more than lines, so that nothing can be erased."""
    return os.environ.get("TERM", "dumb") in {"", "dumb", "unknown"}


def is_linear(asked: bool = False) -> bool:
    """Return whether questions are asked line by line, and nothing is drawn or erased.

    Args:
        asked: Whether the call asks for it; the variable `STACKGEN_LINEAR` does so for every call,
            and a terminal that knows no more than lines needs it.
    """
    return asked or os.environ.get("STACKGEN_LINEAR", "") not in {"", "0"} or is_plain_terminal()


def width(stream: TextIO | None = None) -> int:
    """Return the columns to write in: the terminal's, at most 88 for the eye's sake, at least 30.

    Args:
        stream: What is written to; stderr, where questions go, unless it is named.
    """
    try:
        columns = os.get_terminal_size((stream or sys.stderr).fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(30, min(88, (columns or shutil.get_terminal_size().columns) - 1))


def format_of_stdout() -> Format:
    """Return how a text should look on stdout."""
    return Format(width=width(sys.stdout), colour=has_colour(sys.stdout))


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Return a paragraph folded to the terminal's width.

    Args:
        text: The paragraph.
        indent: What stands before each line.
        hanging: What stands before each line but the first, where that is something else.
    """
    rest = indent if hanging is None else hanging
    return "\n".join(fold(text, width(), first=indent, rest=rest))


def write(text: str) -> None:
    """Write a result to stdout.

    Raises:
        RenderError: It cannot be written.
        ReaderGoneError: Nobody reads it.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        _abandon_stdout()
        raise ReaderGoneError("The result cannot be written to stdout: Broken pipe.") from error
    except OSError as error:
        _abandon_stdout()
        raise RenderError(
            f"The result cannot be written to stdout: {error.strerror}. Write it elsewhere."
        ) from error


def write_json(value: object) -> None:
    """Write a result to stdout as JSON; see `write`."""
    write(json.dumps(value, indent=2))


def say(text: str = "") -> None:
    """Write a line for the person at the terminal; stdout is for results."""
    with contextlib.suppress(OSError):  # The terminal has gone, and with it whoever would read it.
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def complain(message: str) -> None:
    """Say on stderr what went wrong, on one line whatever the values in it."""
    say(f"stackgen: {one_line(message)}")


def _abandon_stdout() -> None:
    """Let nothing more be written to a stdout that fails: Python flushes it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
