"""`stackgen audit`: repositories held against a team's standard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackgen.cli import console, parameters
from stackgen.cli.call import Outcome
from stackgen.foreign_text import printable
from stackgen.template import source

EXAMPLES = (
    "stackgen audit shop blog",
    "stackgen audit . --standard ../acme-standard --json",
)


def command(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            readable=False,
            metavar="PATH",
            help="The repositories' directories; the current one unless they are named.",
        ),
    ] = None,
    standard: parameters.Standard = None,
    no_config: parameters.NoConfig = False,
    as_json: parameters.Json = False,
    as_markdown: parameters.Markdown = False,
    as_sarif: Annotated[
        bool, typer.Option("--sarif", help="Print the result as SARIF 2.1.0.")
    ] = False,
    quiet: parameters.Quiet = False,
) -> Outcome:
    """Hold repositories against a team's standard, generated ones or any others."""
    from stackgen.cli.standards import read_sources
    from stackgen.schemas.audit import audit_result
    from stackgen.team.audit import audit
    from stackgen.text.audit import audit_markdown, audit_sarif, audit_text

    parameters.refuse_together(json=as_json, markdown=as_markdown, sarif=as_sarif)
    found = []
    as_text = not (as_json or as_markdown or as_sarif)
    for each in audit(paths or [Path()], read_sources(configured=not no_config), standard):
        found.append(each)
        if as_text and (each.fails or not quiet):
            console.write(audit_text(each))
    editions = [each.edition for each in found if each.edition]
    for warning in dict.fromkeys(said for edition in editions for said in edition.warnings):
        console.say(printable(warning))
    if as_json:
        console.write_json(audit_result(found))
    if as_markdown:
        console.write(audit_markdown(found))
    if as_sarif:
        console.write_json(audit_sarif(found, source.version()))
    return Outcome.NEEDS_YOU if any(each.fails for each in found) else Outcome.DONE
