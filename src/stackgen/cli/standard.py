"""`stackgen standard`: a team's standard made, and proved."""

from __future__ import annotations

from inspect import getdoc
from pathlib import Path
from typing import Annotated

import typer

from stackgen.cli import console, parameters
from stackgen.cli.call import Outcome
from stackgen.cli.help import Command
from stackgen.foreign_text import printable

EXAMPLES = {
    "init": ("stackgen standard init acme-standard", "stackgen standard init ./standard --quiet"),
    "check": ("stackgen standard check acme-standard", "stackgen standard check . --quiet"),
}

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the standard.")]


def init(folder: Folder, quiet: parameters.Quiet = False) -> None:
    """Make a standard with an example and its own tests."""
    from stackgen.team.starting import start_standard

    path, committed = start_standard(folder)
    if quiet:
        console.write(printable(str(path)))
        return
    state = "committed" if committed else "not committed: git does not know who you are"
    console.write(
        printable(
            f"Made the standard {path.name}, {state}: {path}\n\n"
            f"Prove it: stackgen standard check {folder}\n"
            f"Use it:   stackgen new service --standard {folder}"
        )
    )


def check(folder: Folder, quiet: parameters.Quiet = False) -> Outcome:
    """Make projects with a standard, each pair of options among them, and say what breaks."""
    from stackgen.team.proving import prove_standard
    from stackgen.text.standard import proof_text

    proof = prove_standard(folder)
    for warning in proof.warnings:
        console.say(printable(warning))
    if proof.problems or not quiet:
        console.write(printable(proof_text(proof)))
    return Outcome.NEEDS_YOU if proof.problems else Outcome.DONE


app = typer.Typer(
    help="Make and prove a team's standard.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for function in (init, check):
    app.command(
        function.__name__,
        cls=Command,
        short_help=getdoc(function),
        epilog="\n".join(EXAMPLES[function.__name__]),
    )(function)
