"""What is asked of a project that is there: raw inputs in, an update out.

Every face fills a request and shows what comes back. Nothing here asks, prints, or knows how an
input was given.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from stackgen.changes.undo import Undone
from stackgen.errors import CombinationError
from stackgen.project.record import open_project
from stackgen.team.following import Move
from stackgen.team.sources import Sources
from stackgen.template import source
from stackgen.template.combinations import is_offered, offered
from stackgen.template.loading import load_options
from stackgen.template.option import Option
from stackgen.template.source import Source
from stackgen.updating.applying import recovered, undo_update, update
from stackgen.updating.outcome import Update
from stackgen.updating.planning import check_update, new_options, plan_update

_CONTRADICTIONS = {
    "undo": ("check", "dry_run", "diff", "changes", "standard"),
    "check": ("dry_run", "diff", "changes"),
}
"""Inputs that would be left aside, by the one that would do so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOption:
    """An option that a project does not record yet, and what it may be.

    Attributes:
        option: The option.
        value: The value that it gets unasked.
        words: What there is to choose from; nothing where it takes any text.
    """

    option: Option
    value: Any
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UpdateRequest:
    """An update that is asked for; inputs of which one would be left aside are refused.

    Attributes:
        path: The project's directory.
        changes: Options to change: id to value, as it was typed.
        undo: Take the last update back.
        check: Only say whether there is an update.
        dry_run: Say what an update would do, and write nothing.
        diff: With `dry_run`: the content, too.
        discard_edits: Let edited files go that the template has no more; with `undo`, what was
            made of the files since.
        template: The source to update from; the installed one unless it is named.
        standard: The team's standard to follow, as a person wrote it; nothing unless they did.
        sources: The standards that they may use.
        move: The standards of the update, where they are known already.

    Raises:
        CombinationError: Two of them contradict each other, or one needs another.
    """

    path: Path
    changes: Mapping[str, Any] = field(default_factory=dict)
    undo: bool = False
    check: bool = False
    dry_run: bool = False
    diff: bool = False
    discard_edits: bool = False
    template: Source | None = None
    standard: str | None = None
    sources: Sources | None = None
    move: Move | None = None

    def __post_init__(self) -> None:
        """Refuse inputs that do not go together."""
        for leading, others in _CONTRADICTIONS.items():
            for other in others:
                if getattr(self, leading) and getattr(self, other):
                    raise CombinationError.contradiction(leading, other)
        if self.diff and not self.dry_run:
            raise CombinationError("{} belongs to {}. Give both.", "diff", "dry_run")

    def with_changes(self, changes: Mapping[str, Any]) -> UpdateRequest:
        """Return the same request with these options changed besides its own."""
        return dataclasses.replace(self, changes={**self.changes, **changes}, move=self._known)

    def discarding(self) -> UpdateRequest:
        """Return the same request, letting edits go."""
        return dataclasses.replace(self, discard_edits=True, move=self._known)

    def new_options(self) -> tuple[NewOption, ...]:
        """Return the options that the update brings, and that nothing was said about.

        Raises:
            ProjectError: It is no project of stackgen's, or follows a later version.
            OptionError: A recorded value is not allowed any more.
        """
        if self.undo or self.check:
            return ()
        if not self.dry_run:
            self._recover()
        template = self.template or source.installed()
        values = new_options(self.path, template=template, move=self._move)
        if not values.keys() - self.changes.keys():
            return ()
        options = load_options(template.root)
        framework = open_project(self.path, template).values.get("framework", "")
        choices = offered(options, str(framework))
        return tuple(
            NewOption(option=options.by_id[name], value=value, words=choices.get(name, ()))
            for name, value in values.items()
            if name not in self.changes and is_offered(options.by_id[name], choices)
        )

    def carry_out(self) -> Update | Undone:
        """Update the project, say what an update would do, or take the last one back.

        Raises:
            ProjectError: The project cannot be updated as it is; nothing was changed. A
                `DiscardError` where edits would go that nobody agreed to lose.
            OptionError: An option or value is not allowed; nothing was changed.
            RenderError: Copier or git failed; nothing was changed.
        """
        if self.undo:
            return undo_update(self.path, discard_edits=self.discard_edits)
        if self.check:
            return check_update(self.path, template=self.template, move=self._move)
        if self.dry_run:
            return plan_update(
                self.path,
                self.changes,
                discard_edits=self.discard_edits,
                with_diff=self.diff,
                template=self.template,
                move=self._move,
            )
        self._recover()
        return update(
            self.path,
            self.changes,
            discard_edits=self.discard_edits,
            template=self.template,
            move=self._move,
        )

    def _recover(self) -> None:
        """Put back what an update that was killed took away, before the project is read."""
        with recovered(self.path):
            pass

    @property
    def _known(self) -> Move | None:
        """The standards, if they were found: they are fetched once."""
        found: Move | None = self.__dict__.get("_move", self.move)
        return found

    @cached_property
    def _move(self) -> Move:
        """Find the standards: the one that the project follows, and the one that is wanted."""
        if self.move is not None:
            return self.move
        project = open_project(self.path, self.template or source.installed())
        if self.sources is None:
            return Move()
        before, after = self.sources.step(project.standard, self.standard, project.path)
        return Move(before=before, after=after)
