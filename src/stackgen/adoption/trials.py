"""What the template makes of values that are tried, held against a project line by line."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import total_ordering
from pathlib import Path
from typing import Any

from stackgen.adoption.present import Present
from stackgen.errors import RenderError
from stackgen.template.drafts import Drafts, NoDraftError
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE, Renderer


@total_ordering
@dataclass(frozen=True, slots=True)
class Score:
    """How near a render is to a project; the greater one is nearer.

    Attributes:
        gain: Lines of the render that the project has, less those that it has not.
        same: How many files are the same, in the order of their lines, too.
        paths: All of them, relative with `/`.
    """

    gain: int
    same: int
    paths: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """Whether all of the render is in the project."""
        return self.same == len(self.paths)

    def __lt__(self, other: Score) -> bool:
        """Compare lines first, whole files where that ties."""
        return (self.gain, self.same) < (other.gain, other.same)


NOTHING = Score(-(2**63), -1, frozenset())
"""Of what cannot be rendered."""


class Trials:
    """Drafts of projects, each compared once."""

    def __init__(self, present: Present, folder: Path, renderer: Renderer) -> None:
        """Take what is compared; nothing is worked out yet.

        Args:
            present: The project's files.
            folder: A private one, for renders.
            renderer: What renders.
        """
        self._present, self._folder, self._renderer = present, folder, renderer
        self._numbers = itertools.count(1)
        self._drafts: dict[Path, Drafts] = {}
        self._known: dict[tuple[Path, str], Score] = {}

    def score(self, options: Options, values: Mapping[str, Any]) -> Score:
        """Return how near the project is that the template makes of some values.

        Args:
            options: The options of the template.
            values: A value for every one that is recorded.
        """
        key = (options.template, repr(sorted(values.items())))
        if key not in self._known:
            self._known[key] = self._score(options, values)
        return self._known[key]

    def files(self, options: Options, values: Mapping[str, Any]) -> Mapping[str, bytes]:
        """Return the files of that project but its answers file: path, with `/`, to content.

        Raises:
            RenderError: It cannot be rendered.
        """
        if options.template not in self._drafts:
            self._drafts[options.template] = Drafts(options)
        try:
            return self._drafts[options.template].files(values)
        except NoDraftError:
            with self.rendered(options.template, values) as place:
                return {path: file.read_bytes() for path, file in rendered_files(place)}

    @contextlib.contextmanager
    def rendered(self, template: Path, values: Mapping[str, Any]) -> Iterator[Path]:
        """Render into a folder that is there for as long as the context lasts.

        Raises:
            RenderError: It cannot be rendered.
        """
        place = self._folder / f"trial-{next(self._numbers)}"
        try:
            self._renderer.render(template, place, values)
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _score(self, options: Options, values: Mapping[str, Any]) -> Score:
        try:
            files = self.files(options, values)
        except RenderError:
            return NOTHING  # A version that did not work then makes no project now.
        likenesses = itertools.starmap(self._present.likeness, files.items())
        return Score(
            gain=sum(likeness.gain for likeness in likenesses),
            same=sum(itertools.starmap(self._present.is_same, files.items())),
            paths=frozenset(files),
        )


def rendered_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a render but the answers file: their relative paths, with `/`."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder).as_posix()
        if path != ANSWERS_FILE:
            yield path, file
