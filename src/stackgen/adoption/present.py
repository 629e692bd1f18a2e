"""The files of a project as they are, by their lines: what a template is held against."""

from __future__ import annotations

import hashlib
import stat
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

LARGEST = 2**20
"""In bytes: a larger file is not read, for no template has one. It counts as another one."""


class Likeness(NamedTuple):
    """How much of a text is in a file: lines that are there, and lines that are not."""

    found: int
    lacking: int

    @property
    def gain(self) -> int:
        """What counts for a version or an option: of two, the one with more of it is nearer."""
        return self.found - self.lacking


class Present:
    """A project's files, each read once and when it is asked for."""

    def __init__(self, project: Path) -> None:
        """Take the files of a project."""
        self.project = project
        self._contents: dict[str, bytes | None] = {}
        self._lines: dict[str, Counter[bytes]] = {}
        self._known: dict[tuple[str, bytes], Likeness] = {}

    def content(self, path: str) -> bytes | None:
        """Return a file with line ends of LF; nothing where there is no file, or a huge one.

        Args:
            path: Relative to the project, with `/`.

        Raises:
            OSError: It is there and cannot be read.
        """
        if path not in self._contents:
            self._contents[path] = _read(self.project / path)
        return self._contents[path]

    def lines(self, path: str) -> Mapping[bytes, int]:
        """Return how often each line stands in a file."""
        if path not in self._lines:
            self._lines[path] = Counter((self.content(path) or b"").split(b"\n"))
        return self._lines[path]

    def likeness(self, path: str, text: bytes) -> Likeness:
        """Compare a text to the file of a path; that there is one counts as a line.

        A text that is the file, line for line, is the only one that lacks nothing, has nothing
        that is not there, and leaves nothing over.
        """
        content = self.content(path)
        text = text.replace(b"\r\n", b"\n")
        total = text.count(b"\n") + 2
        if content is None:
            return Likeness(0, total)
        if content == text:
            return Likeness(total, 0)
        key = (path, hashlib.sha256(text).digest())
        if key not in self._known:
            mine = self.lines(path)
            wanted = Counter(text.split(b"\n"))
            found = 1 + sum(min(count, mine.get(line, 0)) for line, count in wanted.items())
            self._known[key] = Likeness(found, total - found)
        return self._known[key]

    def is_same(self, path: str, text: bytes) -> bool:
        """Whether a file holds just this text, apart from its line ends."""
        return self.content(path) == text.replace(b"\r\n", b"\n")


def _read(file: Path) -> bytes | None:
    try:
        found = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
        return None
    return file.read_bytes().replace(b"\r\n", b"\n")
