"""How projects stand to the template, as one page for a browser that needs nothing else.

All that comes from a project is escaped, and the page lets nothing be loaded or run but the style
and the script that are in it, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from string import Template

from stackgen.fleet.survey import Status, Tally
from stackgen.foreign_text import one_line
from stackgen.text.fleet import Names, cells, claims, failures, sum_of, titles, version

_PAGE = "fleet_page.html"
_NUMBER = re.compile(r"\d+")


class Page:
    """A page with a table that is sorted by its titles."""

    def __init__(
        self, paths: Sequence[Path], to_tag: str, made: str, *, with_forecast: bool
    ) -> None:
        """Take the projects that will come.

        Args:
            paths: Their directories.
            to_tag: The installed version.
            made: When it was made, as people read it.
            with_forecast: Whether it is known how an update would end.
        """
        self._names = Names(paths)
        self._titles = [title.capitalize() for title in titles(with_forecast=with_forecast)]
        self._version, self._made = version(to_tag), made
        self._rows: list[str] = []

    def add(self, status: Status) -> str:
        """Take a project; all is printed at the end."""
        name, *others = cells(status, self._names)
        first = f'<th scope="row" data-value="{escaped(name)}">{_name(name, status)}</th>'
        rest = (f'<td data-value="{_sort_value(text)}">{escaped(text)}</td>' for text in others)
        self._rows.append(f'<tr class="{_kind(status)}">{first}{"".join(rest)}</tr>')
        return ""

    def end(self, tally: Tally) -> str:
        """Return the whole."""
        page = resources.files("stackgen.text").joinpath(_PAGE).read_text("utf-8")
        heads = (
            f'<th scope="col"><button type="button">{escaped(title)}</button></th>'
            for title in self._titles
        )
        return Template(page).substitute(
            style_hash=_hash(page, "style"),
            script_hash=_hash(page, "script"),
            version=escaped(self._version),
            made=escaped(self._made),
            sum=escaped(sum_of(tally)),
            heads="".join(heads),
            rows="\n".join(self._rows),
        )


def escaped(text: str) -> str:
    """Return foreign text as HTML shows it, within an element or a quoted attribute.

    What is not ASCII is written by its number: the page is the same in every encoding.
    """
    return html.escape(one_line(text), quote=True).encode("ascii", "xmlcharrefreplace").decode()


def _hash(page: str, element: str) -> str:
    """Return how a policy names the one element of that kind in the page."""
    content = page.partition(f"<{element}>")[2].partition(f"</{element}>")[0]
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _sort_value(text: str) -> str:
    """Return by what a cell is sorted: numbers by their value, and versions by theirs."""
    return escaped(_NUMBER.sub(lambda found: found[0].zfill(8), text))


def _kind(status: Status) -> str:
    if status.failing or status.refused or status.conflicting:
        return "wrong"
    return "late" if status.needs_you else "good"


def _name(name: str, status: Status) -> str:
    """Return the name of a project, and below it what there is to say besides."""
    lines = "".join(f"<li>{line}</li>" for line in _details(status))
    shown = escaped(name)
    error = f"<p>{escaped(status.drift.error)}</p>" if status.drift.error else ""
    if not lines:
        return f"{shown}{error}"
    return f"<details><summary>{shown}</summary><ul>{lines}</ul></details>{error}"


def _details(status: Status) -> Iterator[str]:
    drift, forecast = status.drift, status.forecast
    if forecast:
        for path in forecast.conflicts:
            yield f"conflict: {_code(path)}"
        if forecast.reason and forecast.reason != drift.error:
            yield f"refused: {escaped(forecast.reason)}"
    for file in drift.drifted:
        yield f"{file.state}: {_code(file.path)}"
    for failure in failures(status):
        yield f"rule: {escaped(failure)}"
    for claim in claims(drift):
        yield f"exception: {escaped(claim)}"


def _code(path: str) -> str:
    return f"<code>{escaped(path)}</code>"
