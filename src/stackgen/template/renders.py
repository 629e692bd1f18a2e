"""Renders of any version of one source: what they have in common is made once."""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from stackgen.template.history import History
from stackgen.template.index import Index
from stackgen.template.loading import load_options
from stackgen.template.options import Options
from stackgen.template.rendering import Renderer
from stackgen.template.source import Source


class Renders:
    """Renders versions of one source, for one project or for many.

    The template of a version is taken from the history once, and its options are read once. Threads
    may share it: as many render at the same time as there are renderers.

    Attributes:
        source: The source.
    """

    def __init__(self, source: Source, folder: Path, renderers: Iterable[Renderer]) -> None:
        """Take what is needed; nothing is read or written before it is asked for.

        Args:
            source: The source.
            folder: A private folder, for templates and renders.
            renderers: What renders; their contexts last as long as this is used.
        """
        self.source = source
        self._folder = folder
        self._history = History(source, folder)
        self._options: dict[str, Options] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._free: SimpleQueue[Renderer] = SimpleQueue()
        for renderer in renderers:
            self._free.put(renderer)

    def options(self, tag: str) -> Options:
        """Return the options of a version, and with them the folder of its template.

        Raises:
            ProjectError: The history does not hold that version.
            RenderError: git failed.
            SourceError: Its `copier.yml` is malformed.
        """
        with self._lock:
            if tag not in self._options:
                self._options[tag] = load_options(self._history.template(tag))
            return self._options[tag]

    @property
    def index(self) -> Index:
        """What the history holds."""
        with self._lock:
            return self._history.index

    def render(self, options: Options, destination: Path, values: Mapping[str, Any]) -> None:
        """Render a version into a new directory; see `Renderer.render`.

        Args:
            options: Those of the version.
            destination: The directory to make; its parent exists.
            values: A value for every option that is recorded.

        Raises:
            RenderError: It cannot be rendered.
        """
        renderer = self._free.get()
        try:
            renderer.render(options.template, destination, values)
        finally:
            self._free.put(renderer)

    @contextmanager
    def place(self) -> Iterator[Path]:
        """Make a private folder, to render in and to work with, for as long as the context lasts.

        Raises:
            OSError: It cannot be made.
        """
        folder = self._folder / f"place-{next(self._numbers)}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
