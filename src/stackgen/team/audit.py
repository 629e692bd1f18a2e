"""Repositories audited against a standard, generated or not: nothing is fetched, run or written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen.errors import OtherTemplateError, ProjectError
from stackgen.progress import step
from stackgen.project.drift import explained
from stackgen.project.exceptions import read_exceptions
from stackgen.project.folder import absolute, find_folder
from stackgen.project.record import Project, open_project
from stackgen.team.edition import Edition
from stackgen.team.jinja import Jinja
from stackgen.team.overlay import render_files
from stackgen.team.paths import SUFFIX
from stackgen.team.rules import Facts, Result, check_rules
from stackgen.team.sources import Sources
from stackgen.template import source
from stackgen.template.index import Index, read_index
from stackgen.template.loading import load_options
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What came of one repository.

    Attributes:
        path: Its directory, absolute.
        edition: The standard that it was held against; nothing where there is none.
        results: Each rule, and what came of it.
        error: Why it could not be audited; or none.
    """

    path: Path
    edition: Edition | None = None
    results: tuple[Result, ...] = ()
    error: str | None = None

    @property
    def fails(self) -> bool:
        """Whether a rule fails, an exception has run out, or it could not be audited."""
        return bool(self.error) or any(result.fails for result in self.results)


def audit(
    paths: Sequence[Path],
    sources: Sources,
    where: str | None = None,
    *,
    template: Source | None = None,
) -> Iterator[Audit]:
    """Audit repositories, one after another; an error in one does not end the others.

    Args:
        paths: Their directories.
        sources: The standards that there are.
        where: The standard for all of them, as a person wrote it; otherwise each is held against
            the newest commit that is kept of the one that it records.
        template: The installed template unless given.

    Raises:
        StandardError: The standard that was named is not kept here, or cannot be used.
    """
    template = template or source.installed()
    named = sources.kept_of(where) if where is not None else None
    with Jinja() as jinja:
        auditor = Auditor(template, sources, named, jinja)
        for number, path in enumerate(paths, start=1):
            with step(f"Auditing {number} of {len(paths)}"):
                found = auditor.audited(path)
            yield found


class Auditor:
    """Audits one repository after another; what they share is read once, and threads share it."""

    def __init__(
        self, template: Source, sources: Sources, named: Edition | None, jinja: Jinja
    ) -> None:
        """Take what is needed; no repository is read yet.

        Args:
            template: The template that is installed.
            sources: The standards that there are.
            named: The standard for all; nothing where each is held against its own.
            jinja: What renders the overlay's files.
        """
        self._template = template
        self._sources = sources
        self._named = named
        self._jinja = jinja
        self._options = load_options(template.root)
        self._editions: dict[object, Edition] = {}
        self._index: Index | None = None

    def audited(self, path: Path) -> Audit:
        """Audit a repository."""
        edition = None
        try:
            place = find_folder(path, "Name that of a repository.")
            project = self._project(place)
            edition = self._named or self._followed(place, project)
            facts = self._facts(project, edition) if project else None
            results = check_rules(edition, place, facts, read_exceptions(place))
        except Exception as error:  # noqa: BLE001 - whoever wrote a repository wrote what is read
            return Audit(path=absolute(path), edition=edition, error=explained(error))
        return Audit(path=place, edition=edition, results=results)

    def _project(self, place: Path) -> Project | None:
        """Return what a project records; nothing of a repository that stackgen did not make."""
        if not os.path.lexists(place / ANSWERS_FILE):
            return None
        try:
            return open_project(place, self._template)
        except OtherTemplateError:
            return None

    def _followed(self, place: Path, project: Project | None) -> Edition:
        if project is None or project.standard is None:
            raise ProjectError(f"`{place}` follows no standard. Name the one to hold it against.")
        if project.standard not in self._editions:
            self._editions[project.standard] = self._sources.usable_kept(project.standard)
        return self._editions[project.standard]

    def _facts(self, project: Project, edition: Edition) -> Facts:
        options = self._options
        framework = str(project.values.get("framework", ""))
        recommendation = project.values.get("recommendation")
        recorded = recommendation if isinstance(recommendation, dict) else {}
        answers = recorded.get("answers")
        return Facts(
            framework=framework,
            options=project.values,
            answers=answers if isinstance(answers, dict) else {},
            open=frozenset(name for name in options.settable if options.is_open(name, framework)),
            lag=self._lag(project.tag),
            files=self._rendered(project.values, edition, options),
        )

    def _rendered(
        self, values: Mapping[str, Any], edition: Edition, options: Options
    ) -> Mapping[str, bytes]:
        """Return the overlay's files of a project, where a rule compares one that is rendered."""
        if not any(rule.equals.endswith(SUFFIX) for rule in edition.standard.rules):
            return {}
        kept = {name: value for name, value in values.items() if name in options.recorded}
        whole = options.resolve(kept).values
        contents = render_files(edition, whole, options=options, jinja=self._jinja)
        return {path: content for path, (content, _) in contents.items()}

    def _lag(self, tag: str) -> int:
        """Return how many releases came after a version, up to the installed one."""
        if self._index is None:
            self._index = read_index(self._template.history, self._template.tag)
        return self._index.releases_between(tag, self._template.tag)
