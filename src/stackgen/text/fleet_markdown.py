"""How projects stand to the template, as Markdown: a table, and what differs in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from stackgen.fleet.survey import Status, Tally
from stackgen.text.fleet import Names, cells, claims, failures, sum_of, titles, version
from stackgen.text.markdown import escaped, row


class MarkdownReport:
    """A report, for a chat, an issue or a wiki."""

    def __init__(self, paths: Sequence[Path], to_tag: str, *, with_forecast: bool) -> None:
        """Take the projects that will come.

        Args:
            paths: Their directories.
            to_tag: The installed version.
            with_forecast: Whether it is known how an update would end.
        """
        self._names = Names(paths)
        self._titles = [title.capitalize() for title in titles(with_forecast=with_forecast)]
        self._version = version(to_tag)
        self._rows: list[str] = []
        self._details: list[str] = []

    def add(self, status: Status) -> str:
        """Take a project; all is printed at the end."""
        self._rows.append(row(map(escaped, cells(status, self._names))))
        if lines := [f"- {line}" for line in _details(status)]:
            name = escaped(self._names.of(status.drift.path))
            self._details.append("\n".join([f"## {name}", "", *lines]))
        return ""

    def end(self, tally: Tally) -> str:
        """Return the whole."""
        table = [row(self._titles), row("---" for _ in self._titles), *self._rows]
        parts = [
            f"# Projects and stackgen {escaped(self._version)}",
            sum_of(tally),
            "\n".join(table) if self._rows else "",
            *self._details,
        ]
        return "\n\n".join(filter(None, parts))


def _details(status: Status) -> Iterator[str]:
    drift, forecast = status.drift, status.forecast
    if drift.error:
        yield f"error: {escaped(drift.error)}"
    for file in drift.drifted:
        yield f"{file.state}: {escaped(file.path)}"
    for failure in failures(status):
        yield f"rule: {escaped(failure)}"
    for claim in claims(drift):
        yield f"exception: {escaped(claim)}"
    if forecast:
        for path in forecast.conflicts:
            yield f"conflict: {escaped(path)}"
        if forecast.reason and forecast.reason != drift.error:
            yield f"refused: {escaped(forecast.reason)}"
