"""What a command is doing, said to a person who waits: late, and without a trace if it can be."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from stackgen.cli.console import is_linear
from stackgen.progress import listening

PATIENCE = 0.3
"""Seconds that a person waits without being told anything."""

_SILENT = {"--json", "--quiet"}
_ERASE = "\r\x1b[K"


@contextmanager
def shown(arguments: Sequence[str]) -> Iterator[None]:
    """Show the steps of a command on stderr, where there is a person to see them.

    Args:
        arguments: The words after `stackgen`; `--json` and `--quiet` show nothing, and with
            `--linear` a step is a line that stays.
    """
    if not sys.stderr.isatty() or _SILENT & set(arguments):
        yield
        return
    line = _Line(erases=not is_linear("--linear" in arguments))
    with listening(line.show):
        try:
            yield
        finally:
            line.close()


class _Line:
    """The line. A step that begins after the first wait is shown at once."""

    def __init__(self, *, erases: bool) -> None:
        self._erases = erases
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        self._words: str | None = None
        self._waited = False
        self._drawn = False
        self._said = ""

    def show(self, words: str | None) -> None:
        """Show these words, now or when they have lasted; or erase the line."""
        with self._lock:
            self._words = words
            self._draw()
            if words and not self._timer:
                self._timer = threading.Timer(PATIENCE, self._lose_patience)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Erase the line, and show nothing more."""
        if self._timer:
            self._timer.cancel()
        self.show(None)

    def _lose_patience(self) -> None:
        with self._lock:
            self._waited = True
            self._draw()

    def _draw(self) -> None:
        shows = bool(self._words and self._waited)
        text = f"{(self._words or '')[: _columns() - 4]}..."
        if not self._erases:
            if shows and text != self._said:
                self._said = text
                self._write(f"{text}\n")
        elif shows:
            self._write(f"{_ERASE}{text}")
        elif self._drawn:
            self._write(_ERASE)
        self._drawn = shows

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError, ValueError):  # A terminal that has gone is no reason to fail.
            sys.stderr.write(text)
            sys.stderr.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
