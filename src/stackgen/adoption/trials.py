"""Renders of the template with values that are tried, held against a project line by line."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import total_ordering
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from stackgen.adoption.present import Present
from stackgen.errors import RenderError
from stackgen.template.rendering import ANSWERS_FILE, Renderer

_MOST_PROCESSES = 4


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
    """Renders, each made once, by several processes at a time."""

    def __init__(self, present: Present, folder: Path, renderers: Sequence[Renderer]) -> None:
        """Take what `trying` provides; nothing is rendered yet.

        Args:
            present: The project's files.
            folder: A private one, for renders.
            renderers: What renders.
        """
        self._present, self._folder = present, folder
        self._renderers: SimpleQueue[Renderer] = SimpleQueue()
        for renderer in renderers:
            self._renderers.put(renderer)
        self._pool = ThreadPoolExecutor(len(renderers))
        self._numbers = itertools.count(1)
        self._known: dict[tuple[Path, str], Score] = {}

    def close(self) -> None:
        """Let go of what was to be rendered still."""
        self._pool.shutdown(cancel_futures=True)

    def scores(self, template: Path, rows: Sequence[Mapping[str, Any]]) -> list[Score]:
        """Render a template with each of some values, and compare.

        Args:
            template: The folder that holds `copier.yml` and `templates/`.
            rows: Values for every option that is recorded.

        Raises:
            RenderError: There is nothing to render with.
        """
        keys = [(template, repr(sorted(row.items()))) for row in rows]
        new = {key: row for key, row in zip(keys, rows, strict=True) if key not in self._known}
        found = self._pool.map(lambda item: self._score(item[0][0], item[1]), new.items())
        self._known.update(zip(new, found, strict=True))
        return [self._known[key] for key in keys]

    def score(self, template: Path, values: Mapping[str, Any]) -> Score:
        """Do the same with one row of values."""
        return self.scores(template, [values])[0]

    @contextlib.contextmanager
    def rendered(self, template: Path, values: Mapping[str, Any]) -> Iterator[Path]:
        """Render into a folder that is there for as long as the context lasts.

        Raises:
            RenderError: It cannot be rendered.
        """
        place = self._folder / f"trial-{next(self._numbers)}"
        renderer = self._renderers.get()
        try:
            renderer.render(template, place, values)
            yield place
        finally:
            self._renderers.put(renderer)
            shutil.rmtree(place, ignore_errors=True)

    def _score(self, template: Path, values: Mapping[str, Any]) -> Score:
        try:
            with self.rendered(template, values) as place:
                gain = same = 0
                paths = []
                for path, file in rendered_files(place):
                    content = file.read_bytes()
                    gain += self._present.likeness(path, content).gain
                    same += self._present.is_same(path, content)
                    paths.append(path)
                return Score(gain, same, frozenset(paths))
        except RenderError:
            return NOTHING  # A version that did not work then makes no project now.


@contextlib.contextmanager
def trying(present: Present, folder: Path) -> Iterator[Trials]:
    """Provide what renders, for as long as the context lasts.

    Args:
        present: The project's files.
        folder: A private one, for renders.

    Raises:
        RenderError: There is nothing to render with.
    """
    with contextlib.ExitStack() as stack:
        count = min(os.cpu_count() or 1, _MOST_PROCESSES)
        renderers = [stack.enter_context(Renderer()) for _ in range(count)]
        trials = Trials(present, folder, renderers)
        stack.callback(trials.close)
        yield trials


def rendered_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a render but the answers file: their relative paths, with `/`."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder).as_posix()
        if path != ANSWERS_FILE:
            yield path, file
