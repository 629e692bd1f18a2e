"""`stackgen adopt`: a repository without a record to go by follows the template again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackgen.cli import console, parameters
from stackgen.cli.call import Call
from stackgen.foreign_text import printable

EXAMPLES = (
    "stackgen adopt shop",
    "stackgen adopt shop --dry-run --json",
)


def command(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(readable=False, metavar="PATH", help="The project's directory.")
    ],
    commit: Annotated[
        bool, typer.Option("--commit", help="Commit the answers file, and nothing else.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what was found, and write nothing.")
    ] = False,
    as_json: parameters.Json = False,
    quiet: parameters.Quiet = False,
) -> None:
    """Find the version and options of a project without an answers file, and write one."""
    call = context.ensure_object(Call)
    call.path = path
    parameters.refuse_together(commit=commit, dry_run=dry_run)
    from stackgen.adoption.adopt import adopt
    from stackgen.schemas.adopt import adopt_result
    from stackgen.text.adoption import adopted_text, next_text

    adopted = adopt(path, commit=commit, dry_run=dry_run)
    if as_json:
        console.write_json(adopt_result(adopted))
    elif not quiet:
        console.write(printable(adopted_text(adopted)))
        console.say(printable(next_text(adopted, committed=commit)))
