"""`stackgen status`: how far projects are from the template, and what an update would do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from stackgen.cli import console, parameters
from stackgen.cli.call import Outcome
from stackgen.errors import OptionError, ProjectError
from stackgen.foreign_text import printable, quoted
from stackgen.template import source

if TYPE_CHECKING:
    from stackgen.fleet.survey import Only, Status, Tally
    from stackgen.template.source import Source

EXAMPLES = (
    "stackgen status",
    "stackgen status shop blog --json",
    "stackgen status --discover . --forecast",
)

_MOST_IN_FULL = 5
"""More projects than these are told in a table."""

_ONLY: dict[str, Only] = {
    "behind": "behind",
    "drifted": "drifted",
    "conflicting": "conflicting",
    "failing": "failing",
}


class _Report(Protocol):
    """Results on their way to a text: some of it at once, or all at the end."""

    def add(self, status: Status) -> str:
        """Take a project; return what can be printed already."""

    def end(self, tally: Tally) -> str:
        """Return what is left to print."""


def command(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            readable=False,
            metavar="PATH",
            help="The projects' directories; the current one unless they are named.",
        ),
    ] = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Look for projects below the directories.")
    ] = False,
    forecast: Annotated[
        bool,
        typer.Option("--forecast", help="Say how an update of each would end; nothing is written."),
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="STATE",
            help="Show one kind alone: behind, drifted, conflicting (implies --forecast) or "
            "failing.",
        ),
    ] = None,
    diff: Annotated[
        str | None,
        typer.Option(
            "--diff", metavar="FILE", help="Show what was changed in this file of each project."
        ),
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="Print a line a project; so does naming more than five.")
    ] = False,
    as_json: parameters.Json = False,
    as_markdown: parameters.Markdown = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Print a page for a browser that needs nothing else.")
    ] = False,
    quiet: parameters.Quiet = False,
) -> Outcome:
    """Say how far projects lag behind, which files were changed, and what an update would do."""
    parameters.refuse_together(
        diff=diff, table=table, json=as_json, markdown=as_markdown, html=as_html
    )
    wanted = _wanted(only)
    with_forecast = forecast or wanted == "conflicting"
    installed = source.installed()
    places = _discovered(paths or [Path()], installed, quiet) if discover else paths or [Path()]
    form = "table" if table or discover or len(places) > _MOST_IN_FULL else "full"
    forms = {"diff": diff, "json": as_json, "markdown": as_markdown, "html": as_html}
    form = next((name for name, is_asked in forms.items() if is_asked), form)
    file = PurePath(diff).as_posix() if diff else ""
    from stackgen.cli.standards import read_sources
    from stackgen.fleet.survey import Tally, survey
    from stackgen.team.kept import Kept

    standards = context.with_resource(Kept(read_sources(configured=False)))
    report = _report(form, places, installed.tag, with_forecast=with_forecast)
    tally, shown = Tally(), Tally()
    found = survey(
        places,
        with_forecast=with_forecast,
        diff_of=file,
        template=installed,
        standards=standards,
    )
    for each in found:
        tally.add(each)
        if each.is_wanted(wanted):
            shown.add(each)
            _write(report.add(each), quiet=quiet and not as_json)
    _write(report.end(shown), quiet=quiet and not as_json)
    for warning in standards.warnings:
        console.say(printable(warning))
    if file and not tally.with_file and tally.broken < tally.projects:
        raise ProjectError(
            f"{quoted(file)} is not a file that the template made in any of these projects. Name "
            "one relative to the project, such as `pyproject.toml`."
        )
    if tally.failing > shown.failing and not quiet:
        console.say(
            f"With an error or a rule that fails: {tally.failing}. `--only failing` shows them."
        )
    return Outcome.NEEDS_YOU if shown.need_you or tally.failing else Outcome.DONE


def _wanted(only: str | None) -> Only | None:
    if only is None:
        return None
    if only not in _ONLY:
        raise OptionError(f"`--only` cannot be {quoted(only)}. Choose one of: {', '.join(_ONLY)}.")
    return _ONLY[only]


def _discovered(folders: Sequence[Path], installed: Source, quiet: bool) -> Sequence[Path]:
    """Return the projects below folders, and say how many there hold none."""
    from stackgen.fleet.discovery import discover
    from stackgen.text.fleet import others_text

    found = discover(folders, installed.urls)
    if found.others and not quiet:
        console.say(others_text(found.others))
    return found.projects


def _report(form: str, paths: Sequence[Path], to_tag: str, *, with_forecast: bool) -> _Report:
    """Return what makes the text that was asked for."""
    from stackgen.text import fleet

    if form == "json":
        from stackgen.schemas.status import StatusDocument

        return StatusDocument()
    if form == "markdown":
        from stackgen.text.fleet_markdown import MarkdownReport

        return MarkdownReport(paths, to_tag, with_forecast=with_forecast)
    if form == "html":
        from stackgen.text.fleet_page import Page

        made = time.strftime("%Y-%m-%d %H:%M %z")
        return Page(paths, to_tag, made, with_forecast=with_forecast)
    if form == "table":
        return fleet.Table(paths, to_tag, with_forecast=with_forecast)
    return fleet.Diffs() if form == "diff" else fleet.InFull()


def _write(text: str, *, quiet: bool) -> None:
    if text and not quiet:
        console.write(text)
