"""Two files of one purpose made one, without a version from which both came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

_ABOVE = {".gitattributes": True, ".gitignore": False}
"""Files that are lists, to which missing lines can be added, and whether they come above: of
attributes the last line counts, and that is to be theirs."""

_ENV = ".env"

_ANYWHERE = re.compile(r"^(?:/|\*\*/)(?!/)")
"""What a pattern may begin with and still fit a file beside the list."""

_PLAIN = re.compile(r"(?!.*(?:\*\*/|/\*\*))[A-Za-z0-9._*?/ -]*")
"""Patterns that mean to git what they mean to `fnmatch`."""


def merged(path: str, theirs: bytes, ours: bytes) -> bytes | None:
    """Return both in one file, or nothing where only a person can do that.

    Lists get the lines that they lack. Of two other texts one must hold all that the other says.

    Args:
        path: Their path, relative with `/`.
        theirs: What is there.
        ours: What the template has.
    """
    name = PurePosixPath(path).name
    if name in _ABOVE:
        return with_missing_lines(theirs, ours, above=_ABOVE[name])
    one, other = _text(theirs), _text(ours)
    if name.lower().startswith("readme"):
        if _says_all(other, one):
            return ours
        return theirs if _says_all(one, other) else None
    if one.strip() in other:
        return ours
    return theirs if other.strip() in one else None


def with_missing_lines(theirs: bytes, ours: bytes, *, above: bool = False) -> bytes:
    """Return a list with the entries of another one that it lacks.

    Comments come with the entries below them. Line ends stay those of the first list.

    Args:
        theirs: The list.
        ours: The other one.
        above: Whether they come above its own, and not below.
    """
    present = set(_lines(_text(theirs)))
    blocks = []
    for block in _blocks(_lines(_text(ours))):
        missing = [line for line in block if line.startswith("#") or line not in present]
        if any(not line.startswith("#") for line in missing):
            blocks.append(missing)
    return _added(theirs, blocks, above=above)


def with_env_ignored(ignored: bytes) -> bytes:
    """Return a `.gitignore` that ignores `.env` beside it, whatever it said before."""
    if _surely_ignores(ignored, _ENV):
        return ignored
    return _added(ignored, [["# Secrets, never committed", _ENV]])


def _surely_ignores(ignored: bytes, name: str) -> bool:
    """Whether a `.gitignore` ignores a file beside it: the last pattern that fits decides.

    Strangers may have written it to be read in one way here and in another by git. Of a pattern
    that is not plain the worst is taken: that it ignores nothing, or takes back what does.
    """
    found = False
    for line in _lines(_text(ignored)):
        takes_back = line.startswith("!")
        pattern = _ANYWHERE.sub("", line.removeprefix("!"))
        if not _PLAIN.fullmatch(pattern):
            found = found and not takes_back
        elif fnmatchcase(name, pattern):
            found = not takes_back
    return found


def _added(theirs: bytes, blocks: Sequence[Sequence[str]], *, above: bool = False) -> bytes:
    if not blocks:
        return theirs
    text = "\n\n".join("\n".join(block) for block in blocks) + "\n"
    end = b"\r\n" if theirs.count(b"\n") == theirs.count(b"\r\n") > 0 else b"\n"
    added = text.encode(errors="surrogateescape").replace(b"\n", end)
    if not theirs.strip():
        return added
    if above:
        return added + end + theirs
    return theirs + (end if theirs.endswith(b"\n") else end * 2) + added


def _says_all(text: str, other: str) -> bool:
    """Whether a text has every line of another one, in their order."""
    lines = iter(_plain(line) for line in _lines(text))
    return all(any(line == each for each in lines) for line in map(_plain, _lines(other)) if line)


def _plain(line: str) -> str:
    """Return a line to compare: of a heading what it says, `my-shop` being `My shop`."""
    if line.startswith("#"):
        return "# " + line.strip("# ").replace("-", " ").replace("_", " ").casefold()
    return line


def _lines(text: str) -> list[str]:
    # As git reads a list: white space before an entry counts, and ends of lines are no others.
    return [line.removesuffix("\r").rstrip(" ") for line in text.split("\n")]


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="surrogateescape")
