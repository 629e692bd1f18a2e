"""The streams of the process: opened where they are closed, and written to without surprises."""

from __future__ import annotations

import os
import sys
from typing import Any


def open_closed_streams() -> None:
    """Give a closed stdin, stdout or stderr something harmless, before a file takes its number."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def abandon_stdout() -> None:
    """Let nothing more be written to a stdout that fails: Python flushes it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_terminal() -> bool:
    """Whether there is somebody to ask: stdin and stderr are terminals."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def has_colour(stream: Any) -> bool:
    """Whether a stream shows bold and dim."""
    return bool(
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def is_plain_terminal() -> bool:
    """Whether the terminal knows no more than lines, so that nothing can be erased."""
    return os.environ.get("TERM", "dumb") in {"", "dumb", "unknown"}


def printable(text: str) -> str:
    """Show control characters by their code, so that no foreign text can steer a terminal."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


def complain(message: str) -> None:
    """Say on stderr what went wrong, on one line whatever the values in it."""
    line = printable(message).replace("\n", r"\n")
    sys.stderr.write(f"stackgen: {line}\n")
