"""Files that a folder holds already and the template has as well: what becomes of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from stackgen.errors import DestinationError
from stackgen.foreign_text import quoted
from stackgen.project import merging
from stackgen.project.occupants import LICENSE, licences

Way = Literal["keep", "replace", "merge"]
"""What is to become of files that are there: they stay, go, or get what the template has
besides."""

WAYS: tuple[Way, ...] = get_args(Way)

State = Literal["kept", "replaced", "merged"]

IGNORED = ".gitignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingFile:
    """A file that was there already, relative with `/`, and what became of it, or would."""

    path: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """A file that is there, and that the template has with other content.

    Attributes:
        path: Its path, relative with `/`.
        theirs: What is there; nothing where it is a link.
        ours: What the template has.
    """

    path: str
    theirs: bytes | None
    ours: bytes

    def outcome(self, way: Way) -> tuple[State, bytes | None]:
        """Return what becomes of the file, and its content where that is neither one alone."""
        if way == "replace" and self.path != LICENSE:
            return "replaced", None
        if self.theirs is None or self.path == LICENSE:
            return "kept", None
        content = merging.merged(self.path, self.theirs, self.ours) if way == "merge" else None
        if self.path == IGNORED:  # Whatever was chosen: the secrets of the project lie beside it.
            content = merging.with_env_ignored(self.theirs if content is None else content)
        if content is None or content == self.theirs:
            return "kept", None
        return "merged", content

    def is_of_their_own(self, way: Way) -> bool:
        """Whether no later version of the template should be merged into a file that is kept."""
        if way != "merge" or self.theirs is None:
            return True
        return merging.merged(self.path, self.theirs, self.ours) is None or self.path == LICENSE


def check_way(word: str | None) -> Way | None:
    """Return what is to become of files that are there, from the word for it.

    Args:
        word: The word; nothing where nobody said so.

    Raises:
        DestinationError: It is no such word.
    """
    for way in WAYS:
        if word == way:
            return way
    if word is None:
        return None
    raise DestinationError(
        f"Existing files cannot be treated as {quoted(word)}. Choose one of: {', '.join(WAYS)}."
    )


def find_collisions(folder: Path, draft: Path, paths: Sequence[str]) -> Iterator[Collision]:
    """Yield the files that a folder and a rendered project have both, and that differ.

    Args:
        folder: The folder.
        draft: The rendered project.
        paths: Its files, relative.
    """
    for path in paths:
        present = folder / path
        if present.is_symlink():
            yield Collision(path=path, theirs=None, ours=(draft / path).read_bytes())
        elif present.is_file():
            theirs, ours = present.read_bytes(), (draft / path).read_bytes()
            if theirs != ours:
                yield Collision(path=path, theirs=theirs, ours=ours)


def is_open(collisions: Sequence[Collision]) -> bool:
    """Whether somebody must say what becomes of the files: it is not the same in each way."""
    return any(len({each.outcome(way) for way in WAYS}) > 1 for each in collisions)


def states(collisions: Sequence[Collision], way: Way) -> tuple[ExistingFile, ...]:
    """Return what becomes of each file in one of the ways."""
    return tuple(ExistingFile(path=each.path, state=each.outcome(way)[0]) for each in collisions)


def other_licences(folder: Path, paths: Sequence[str]) -> list[str]:
    """Return the licences in a folder that stand for that of the template, under other names."""
    names = licences(folder)
    return names if LICENSE in paths and LICENSE not in names else []


def is_same_licence(one: bytes, other: bytes) -> bool:
    """Whether two licences say the same, whoever holds the copyright."""
    return _terms(one) == _terms(other)


def _terms(text: bytes) -> str:
    lines = text.decode(errors="replace").splitlines()
    terms = [line for line in lines if not re.match(r"(?i)\W*copyright\b(?!.*\blicen[sc]e)", line)]
    return re.sub(r"\W+", " ", " ".join(terms)).strip().casefold()
