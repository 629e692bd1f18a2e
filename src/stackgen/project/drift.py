"""How far projects lag behind the template, and what was changed in them."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

from stackgen.changes.staging import temporary_directory
from stackgen.errors import StackgenError
from stackgen.progress import step
from stackgen.project.lfs import LONGEST_POINTER, pointer_to
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.loading import load_options
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE, Renderer
from stackgen.template.source import Source

_MOST_PROCESSES = 8
_WORTH_A_PROCESS = 8

DriftState = Literal["same", "edited", "missing"]
"""How a file of the project compares to what the template of its version rendered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDrift:
    """A file of the template, relative with `/`, and how the project has it."""

    path: str
    state: DriftState


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A project compared to the template.

    Attributes:
        path: The project's directory, absolute.
        from_tag: The version that it follows; empty where it cannot be told.
        to_tag: The installed version.
        files: Every file that the template rendered, sorted by path, but for the answers file.
        error: Why it cannot be told; or none.
    """

    path: Path
    from_tag: str
    to_tag: str
    files: tuple[FileDrift, ...] = ()
    error: str | None = None

    @property
    def behind(self) -> bool:
        """Whether the installed version is a later one: an earlier one would not know it."""
        return bool(self.from_tag) and self.from_tag != self.to_tag

    @property
    def drifted(self) -> tuple[FileDrift, ...]:
        """The files that are not as the template rendered them."""
        return tuple(file for file in self.files if file.state != "same")


def drift(paths: Sequence[Path], *, template: Source | None = None) -> Iterator[Drift]:
    """Compare projects to the template, one after another; nothing is written.

    Each one is rendered anew in the version and with the answers that it records. An error in one
    is told in its `Drift.error` and does not end the others.

    Args:
        paths: The projects' directories.
        template: The source to compare to; the installed one unless given.

    Raises:
        RenderError: There is no place to render in, or nothing to render with.
    """
    template = template or source.installed()
    with contextlib.ExitStack() as stack:
        private = stack.enter_context(temporary_directory())
        comparison = _Comparison(template, History(template, private), private)
        for _ in range(_processes(len(paths))):
            comparison.renderers.put(stack.enter_context(Renderer()))
        pool = ThreadPoolExecutor(_processes(len(paths)))
        stack.callback(pool.shutdown, cancel_futures=True)
        waiting = deque(pool.submit(comparison.compared, path) for path in paths)
        for number in range(1, len(paths) + 1):
            with step(f"Comparing project {number} of {len(paths)}"):
                compared = waiting.popleft().result()
            yield compared


def _processes(projects: int) -> int:
    """Return how many processes render: each takes as long to start as some projects take."""
    return min(os.cpu_count() or 1, _MOST_PROCESSES, projects // _WORTH_A_PROCESS + 1)


class _Comparison:
    """Projects compared to one source, by several threads at once."""

    def __init__(self, template: Source, history: History, folder: Path) -> None:
        self.renderers: SimpleQueue[Renderer] = SimpleQueue()
        self._template = template
        self._history = history
        self._folder = folder
        self._formers: dict[str, Options] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def compared(self, path: Path) -> Drift:
        """Compare a project; a renderer must be free, or become so."""
        tag = ""
        try:
            project = open_project(path, self._template)
            tag = project.tag
            files = tuple(self._files(project))
        except StackgenError as error:
            cause = str(error)
        except OSError as error:
            cause = (
                f"`{error.filename}`: {error.strerror}." if error.filename else f"{error.strerror}."
            )
        else:
            to_tag = self._template.tag
            return Drift(path=project.path, from_tag=tag, to_tag=to_tag, files=files)
        return Drift(path=path.absolute(), from_tag=tag, to_tag=self._template.tag, error=cause)

    def _files(self, project: Project) -> Iterator[FileDrift]:
        former = self._former(project.tag)
        values = recorded_values(project, former)
        folder = self._folder / f"render-{next(self._numbers)}"
        renderer = self.renderers.get()
        try:
            renderer.render(former.template, folder, values)
        finally:
            self.renderers.put(renderer)
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            path = file.relative_to(folder)
            if path.as_posix() != ANSWERS_FILE:
                state = _state(file, project.path / path)
                yield FileDrift(path=path.as_posix(), state=state)

    def _former(self, tag: str) -> Options:
        """Return the options of a version, and with them its folder."""
        with self._lock:
            if tag not in self._formers:
                self._formers[tag] = load_options(self._history.template(tag))
            return self._formers[tag]


def _state(rendered: Path, present: Path) -> DriftState:
    try:
        found = present.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    if not stat.S_ISREG(found.st_mode):
        return "edited"
    expected = rendered.read_bytes()
    # git may have checked the file out with the line ends of another system.
    longest = len(expected) + expected.count(b"\n")
    if len(expected) <= found.st_size <= longest:
        content = present.read_bytes()
        return (
            "same"
            if content.replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n")
            else "edited"
        )
    if found.st_size < LONGEST_POINTER and present.read_bytes() == pointer_to(rendered):
        return "same"
    return "edited"
