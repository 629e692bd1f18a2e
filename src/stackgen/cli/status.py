"""`stackgen status`: how far projects are from the template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackgen.cli import console, parameters
from stackgen.cli.call import Outcome
from stackgen.foreign_text import printable

EXAMPLES = (
    "stackgen status",
    "stackgen status shop blog --json",
)


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH", help="The projects' directories; the current one unless they are named."
        ),
    ] = None,
    as_json: parameters.Json = False,
    quiet: parameters.Quiet = False,
) -> Outcome:
    """Say how far projects lag behind, and which of their files were changed."""
    from stackgen.project.drift import drift
    from stackgen.schemas.status import status_result
    from stackgen.text.update import drift_text

    found = []
    for each in drift(paths or [Path()]):
        found.append(each)
        if not (as_json or quiet):
            console.write(printable(drift_text(each)))
    if as_json:
        console.write_json(status_result(found))
    needs_you = any(each.behind or each.drifted or each.error for each in found)
    return Outcome.NEEDS_YOU if needs_you else Outcome.DONE
