"""`stackgen standard`: a team's standard made, proved, and fetched."""

from __future__ import annotations

import shlex
from inspect import getdoc
from pathlib import Path
from typing import Annotated

import typer

from stackgen.cli import console, parameters
from stackgen.cli.call import Outcome, SeveralError
from stackgen.cli.help import Command
from stackgen.errors import StackgenError, StandardError
from stackgen.foreign_text import printable

EXAMPLES = {
    "init": ("stackgen standard init acme-standard", "stackgen standard init ./standard --quiet"),
    "check": ("stackgen standard check acme-standard", "stackgen standard check . --quiet"),
    "fetch": ("stackgen standard fetch ./acme-standard", "stackgen standard fetch acme --quiet"),
}

_SHORT = 12
"""How many digits of a commit are shown."""

Folder = Annotated[
    Path, typer.Argument(readable=False, metavar="DIR", help="The folder of the standard.")
]


def init(folder: Folder, quiet: parameters.Quiet = False) -> None:
    """Make a standard with an example and its own tests."""
    from stackgen.team.starting import start_standard

    path, committed = start_standard(folder)
    if quiet:
        console.write(printable(str(path)))
        return
    place = shlex.quote(str(folder))
    lines = [
        f"Made the standard {path.name}, {'committed' if committed else 'not committed'}: {path}",
        "",
        f"Prove it:  stackgen standard check {place}",
        f"Use it:    stackgen new service --standard {place}",
    ]
    if not committed:
        lines[-1:-1] = [f"Commit it: git -C {place} commit -m 'Start the standard'"]
        lines += ["", "git does not know who you are: set user.name and user.email first."]
    console.write(printable("\n".join(lines)))


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


def fetch(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WHERE",
            help="Paths, addresses of git, or names in your configuration; all of these unless "
            "some are named.",
        ),
    ] = None,
    quiet: parameters.Quiet = False,
) -> None:
    """Fetch standards: `status` and `audit`, which fetch nothing, go by what was fetched."""
    from stackgen.cli.standards import read_sources

    sources = read_sources(configured=True)
    names = wanted or sorted(sources.names)
    if not names:
        raise StandardError(
            "Your configuration names no standard, so nothing was fetched.",
            remedy="fetched",
        )
    failed: list[StackgenError] = []
    for name in names:
        try:
            edition = sources.fetch(name)
        except StackgenError as error:  # The others are fetched all the same.
            failed.append(error)
            continue
        for warning in edition.warnings:
            console.say(printable(warning))
        if not quiet and edition.recorded:
            recorded = edition.recorded
            console.write(
                printable(f"{edition.standard.name} {recorded.commit[:_SHORT]}: {recorded.url}")
            )
    if failed:
        raise SeveralError(failed)


app = typer.Typer(
    help="Make, prove and fetch standards.",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _main(context: typer.Context) -> None:
    if context.invoked_subcommand is None:  # What Typer itself shows then is an error.
        typer.echo(context.get_help())


for function in (init, check, fetch):
    app.command(
        function.__name__,
        cls=Command,
        short_help=getdoc(function),
        epilog="\n".join(EXAMPLES[function.__name__]),
    )(function)
