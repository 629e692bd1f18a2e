"""How projects stand to the template: each in full, or many in a table."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from stackgen.fleet.survey import Status, Tally
from stackgen.foreign_text import one_line, printable
from stackgen.project.drift import Drift

_WIDEST = 40
"""Columns for the name of a project: a longer one shifts its row alone."""

_WIDTHS = (11, 6, 7, 5, 10, 13, 0)
"""Columns for what follows the name and the version, such as `12 releases`."""

_COMMIT = 12
"""How much of a commit's name is shown."""


class InFull:
    """Each project with all its files that differ, as soon as it is known."""

    def add(self, status: Status) -> str:
        """Return what there is to say of a project."""
        return "\n".join(map(one_line, _lines(status)))

    def end(self, _tally: Tally) -> str:
        """Return nothing: all was said."""
        return ""


class Diffs:
    """What was changed in one file of each project, as soon as it is known."""

    def add(self, status: Status) -> str:
        """Return the change; nothing where there is none."""
        drift = status.drift
        text = f"{drift.error}\n" if drift.error and not drift.diff else drift.diff
        return printable(f"{drift.path}:\n{text}".rstrip("\n")) if text else ""

    def end(self, _tally: Tally) -> str:
        """Return nothing: all was said."""
        return ""


class Table:
    """A line a project, as soon as it is known, and the sum below."""

    def __init__(self, paths: Sequence[Path], to_tag: str, *, with_forecast: bool) -> None:
        """Take the projects that will come.

        Args:
            paths: Their directories.
            to_tag: The installed version.
            with_forecast: Whether it is known how an update would end.
        """
        self._names = Names(paths)
        self._titles = titles(with_forecast=with_forecast)
        longest = max((len(one_line(self._names.of(path))) for path in paths), default=0)
        name, tag = (len(title) for title in self._titles[:2])
        firsts = [max(name, min(longest, _WIDEST)), max(tag, len(version(to_tag)))]
        self._widths = [*firsts, *_WIDTHS]
        self._begun = False

    def add(self, status: Status) -> str:
        """Return the line of a project, and those above the first one."""
        line = self._line(self._cells(status))
        if self._begun:
            return line
        self._begun = True
        return "\n".join([*self._names.heading(), self._line(self._titles), line])

    def end(self, tally: Tally) -> str:
        """Return the sum."""
        blank = "\n" if self._begun else ""
        return f"{blank}{sum_of(tally)}"

    def _cells(self, status: Status) -> Sequence[str]:
        name, *others = cells(status, self._names)
        # What is wrong is said in the place of what could not be told.
        return [name, status.drift.error] if status.drift.error else [name, *others]

    def _line(self, words: Sequence[str]) -> str:
        padded = (
            one_line(word).ljust(width) for word, width in zip(words, self._widths, strict=False)
        )
        return "  ".join(padded).rstrip()


class Names:
    """What projects are called: by their path, without what all of them have in common."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Take the directories of all projects."""
        parents = [str(_real(path).parent) for path in paths]
        self._root = Path(os.path.commonpath(parents)) if parents else Path.cwd()

    def of(self, path: Path) -> str:
        """Return the name of a project."""
        path = _real(path)
        return str(path.relative_to(self._root) if path.is_relative_to(self._root) else path)

    def heading(self) -> list[str]:
        """Return a line that says where they are."""
        return [one_line(f"In {self._root}:")]


def _real(path: Path) -> Path:
    """Return a path as that of a project that was looked at: absolute, and without links."""
    try:
        return Path(os.path.realpath(path))
    except OSError:  # Of a current directory that is gone nothing is below.
        return Path("/") / path


def titles(*, with_forecast: bool) -> list[str]:
    """Return the titles of the columns."""
    columns = ["PROJECT", "VERSION", "BEHIND", "EDITED", "MISSING", "RULES", "EXCEPTIONS"]
    return [*columns, *(["FORECAST"] if with_forecast else []), "STANDARD"]


def cells(status: Status, names: Names) -> list[str]:
    """Return what stands in the columns for a project."""
    drift, forecast = status.drift, status.forecast
    counts = Counter(file.state for file in drift.files)
    return [
        names.of(drift.path),
        version(drift.from_tag) or "-",
        lag(drift) or "-",
        str(counts["edited"]),
        str(counts["missing"]),
        str(len(status.rules)) if drift.standard else "-",
        str(len(drift.exceptions)),
        *([forecast_of(status)] if forecast else []),
        standard_of(status) or "-",
    ]


def forecast_of(status: Status) -> str:
    """Return how an update would end, in a few words."""
    forecast = status.forecast
    if forecast is None:
        return ""
    count = len(forecast.conflicts)
    return f"{count} {'conflict' if count == 1 else 'conflicts'}" if count else forecast.state


def lag(drift: Drift) -> str:
    """Return how far a project lags behind; empty where it does not."""
    if not drift.behind:
        return ""
    if not drift.releases:  # It is as new as the last release, and commits came since.
        return "commits"
    return f"{drift.releases} {'release' if drift.releases == 1 else 'releases'}"


def sum_of(tally: Tally) -> str:
    """Return how many projects stand how, as a sentence."""
    parts = [
        f"{tally.behind} behind",
        f"{tally.drifted} with files that differ",
        f"{tally.failing} with an error or a rule that fails",
    ]
    projects = f"{tally.projects} {'project' if tally.projects == 1 else 'projects'}"
    text = f"{projects}: {', '.join(parts)}."
    if tally.forecasts:
        clean = tally.forecasts - tally.conflicting - tally.refused
        text += (
            f" An update would be clean in {clean}, leave conflicts in {tally.conflicting}, "
            f"and be refused in {tally.refused}."
        )
    return text


def others_text(others: int) -> str:
    """Return how many folders hold no project."""
    if others == 1:
        return "1 folder holds no project of stackgen's."
    return f"{others} folders hold no project of stackgen's."


def version(tag: str) -> str:
    """Return a version as people write it."""
    return tag.removeprefix("v")


def claims(drift: Drift) -> list[str]:
    """Return the exceptions that a project claims, a text each."""
    return [
        f"{each.rule}{f' until {each.until}' if each.until else ''}: {each.because}"
        for each in drift.exceptions
    ]


def failures(status: Status) -> list[str]:
    """Return the rules of its standard that a project fails, a text each."""
    return [f"{each.id}: {each.detail}" for each in status.rules]


def standard_of(status: Status) -> str:
    """Return the standard that a project follows, and whether it has moved on; empty without.

    The last part of its address is enough in a table: most projects of a team have the same one.
    """
    standard = status.drift.standard
    if standard is None:
        return ""
    behind = ", behind" if status.standard_behind else ""
    name = standard.url.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return f"{name}@{standard.commit[:_COMMIT]}{behind}"


def _lines(status: Status) -> Iterator[str]:
    drift, forecast = status.drift, status.forecast
    if drift.error:
        yield f"{drift.path}: {drift.error}"
        return
    behind = f", behind {version(drift.to_tag)}" if drift.behind else ""
    counts = Counter(file.state for file in drift.files)
    tally = ", ".join(f"{counts[state]} {state}" for state in ("same", "edited", "missing"))
    yield f"{drift.path}: {version(drift.from_tag)}{behind}; files: {tally}"
    for file in drift.drifted:
        yield f"  {file.state:<8} {file.path}"
    if drift.standard:
        lag_of = ", behind" if status.standard_behind else ""
        yield f"  standard {drift.standard.url} at {drift.standard.commit[:_COMMIT]}{lag_of}"
    for failure in failures(status):
        yield f"  rule     {failure}"
    for claim in claims(drift):
        yield f"  exception {claim}"
    if forecast:
        why = f": {forecast.reason}" if forecast.reason else ""
        yield (
            f"  update would be {forecast.state}{why}"
            if not forecast.conflicts
            else (f"  update would leave {forecast_of(status)}:")
        )
        for path in forecast.conflicts:
            yield f"  conflict {path}"
