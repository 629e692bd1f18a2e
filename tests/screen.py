"""A person at a terminal: what they see on the screen, and what they press."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
ENTER, ESCAPE, BACKSPACE, CTRL_C, CTRL_D = "\r", "\x1b", "\x7f", "\x03", "\x04"


class Terminal:
    """A terminal of a size, in which `stackgen` runs."""

    def __init__(
        self, words: tuple[str, ...], place: Path, size: tuple[int, int], **variables: str
    ):
        columns, rows = size
        self._screen = pyte.HistoryScreen(columns, rows, history=500)
        self._stream = pyte.Stream(self._screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "stackgen", *words],
            cwd=str(place),
            env={**os.environ, "TERM": "xterm-256color", **variables},
            encoding="utf-8",
            dimensions=(rows, columns),
            timeout=20,
        )
        self.child.delaybeforesend = 0
        self.written = ""

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without the empty ones below."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip().split("\n")

    @property
    def text(self) -> str:
        """What is on the screen, as if its lines were not folded."""
        return " ".join(" ".join(self.lines).split())

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        """The lines of the screen: each character, its colour as `rrggbb` if any, and if bold."""
        rows = [self._screen.buffer[row] for row in range(len(self.lines))]
        return [
            [
                (cell.data, "" if cell.fg == "default" else cell.fg, cell.bold)
                for cell in (row[column] for column in range(self._screen.columns))
            ]
            for row in rows
        ]

    @property
    def colours(self) -> set[str]:
        """The colours of the screen, as `rrggbb`."""
        cells = (cell for row in self._screen.buffer.values() for cell in row.values())
        return {colour for cell in cells for colour in (cell.fg, cell.bg)} - {"default"}

    def press(self, *keys: str) -> None:
        """Press keys, all at once."""
        self.child.send("".join(keys))

    def read(self, seconds: float = 0.1) -> bool:
        """Take in what the program writes, and say whether it may go on writing."""
        try:
            written = self.child.read_nonblocking(100_000, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += written
        self._stream.feed(written)
        return True

    def wait_for(self, text: str, *, gone: str = "") -> None:
        """Wait until a text is on the screen, and another is not."""
        end = time.monotonic() + 20
        while text not in self.text or (gone and gone in self.text):
            runs = self.read()
            assert runs or text in self.text, f"{text!r} did not come:\n" + "\n".join(self.lines)
            assert time.monotonic() < end, f"{text!r} did not come:\n" + "\n".join(self.lines)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size, as a person does with the mouse."""
        self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def hang_up(self) -> int:
        """Close the terminal, as with its window, and return how the program ended."""
        self.child.ptyproc.fileobj.close()
        self.child.ptyproc.closed = self.child.closed = True
        _, status = os.waitpid(self.child.pid, 0)
        self.child.terminated = self.child.ptyproc.terminated = True
        return os.waitstatus_to_exitcode(status)

    def end(self) -> int | None:
        """Wait for the program to end, and return its exit code; a signal counts as negative."""
        while self.read(20):
            pass
        self.child.close()
        return (
            self.child.exitstatus if self.child.signalstatus is None else -self.child.signalstatus
        )


@contextmanager
def stackgen(
    place: Path, *words: str, size: tuple[int, int] = (100, 30), **variables: str
) -> Iterator[Terminal]:
    """Run `stackgen` in a terminal for as long as the context lasts.

    Args:
        place: Where it runs.
        words: The words after `stackgen`.
        size: Columns and rows of the terminal.
        variables: Variables of the environment.
    """
    terminal = Terminal(words, place, size, **variables)
    try:
        yield terminal
    finally:
        terminal.child.close(force=True)
