"""Standards as they were fetched: many projects compared to them, and nothing fetched."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from stackgen.errors import StackgenError
from stackgen.project.record import Project
from stackgen.project.standard_record import RecordedStandard
from stackgen.team.audit import Audit, Auditor
from stackgen.team.edition import Edition
from stackgen.team.following import Move
from stackgen.team.jinja import Jinja
from stackgen.team.overlay import lay_over
from stackgen.team.sources import Sources
from stackgen.template.options import Options
from stackgen.template.source import Source


class Kept:
    """Reads each commit of a standard once, for as long as the context lasts; threads share it.

    Attributes:
        jinja: What renders the files of standards: one process for all projects.
    """

    def __init__(self, sources: Sources) -> None:
        """Take the standards that there are; nothing is read yet."""
        self._sources = sources
        self.jinja = Jinja()
        self._editions: dict[RecordedStandard, Edition] = {}
        self._newest: dict[RecordedStandard, Edition] = {}
        self._usable: dict[RecordedStandard, Edition] = {}
        self._auditor: Auditor | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process that renders."""
        self.jinja.__exit__()

    def edition(self, recorded: RecordedStandard) -> Edition:
        """Return the standard that a project records.

        Args:
            recorded: What it records.

        Raises:
            StandardError: It was never fetched here, or cannot be used.
        """
        with self._lock:
            if recorded not in self._editions:
                self._editions[recorded] = self._sources.kept(recorded)
            return self._editions[recorded]

    def newest(self, recorded: RecordedStandard) -> Edition:
        """Return the newest commit that was fetched of what a project follows.

        Args:
            recorded: What it records.

        Raises:
            StandardError: It was never fetched here, or cannot be used.
        """
        with self._lock:
            if recorded not in self._newest:
                self._newest[recorded] = self._sources.newest_kept(recorded)
            return self._newest[recorded]

    def is_behind(self, recorded: RecordedStandard) -> bool | None:
        """Whether a later commit was fetched than a project records; None where that is not known.

        One that cannot be used does not count: `warnings` tells of it.

        Args:
            recorded: What it records.
        """
        try:
            with self._lock:
                if recorded not in self._usable:
                    self._usable[recorded] = self._sources.usable_kept(recorded)
                newest = self._usable[recorded].recorded
        except StackgenError:
            return None
        return newest is not None and newest.commit != recorded.commit

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of the standards that were read so far, a sentence each."""
        with self._lock:
            said = [each for edition in self._usable.values() for each in edition.warnings]
        return tuple(dict.fromkeys(said))

    def move(self, recorded: RecordedStandard | None) -> Move:
        """Return the step that an update would make, as far as was fetched.

        Args:
            recorded: What the project records; nothing where it follows none.

        Raises:
            StandardError: It was never fetched here, or cannot be used.
        """
        if recorded is None:
            return Move()
        return Move(before=self.edition(recorded), after=self.newest(recorded))

    def audit(self, path: Path, template: Source) -> Audit:
        """Hold a project against the newest commit that was fetched of the standard it follows.

        Args:
            path: Its directory.
            template: The template that is installed.
        """
        with self._lock:
            if self._auditor is None:
                self._auditor = Auditor(template, self._sources, None, self.jinja)
        return self._auditor.audited(path)

    def extend(
        self, project: Project, options: Options, values: Mapping[str, Any], folder: Path
    ) -> None:
        """Lay the overlay that a project follows over a render of it.

        Args:
            project: The project.
            options: The options of the version of the template that it follows.
            values: Their values.
            folder: The render.

        Raises:
            StandardError: The standard was never fetched here, or cannot be laid over it.
            RenderError: A file cannot be written.
        """
        if project.standard:
            edition = self.edition(project.standard)
            lay_over(edition, folder, values, options=options, jinja=self.jinja)
