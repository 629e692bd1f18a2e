"""`stackgen schema`: what programs may rely on in the output of the other commands."""

from __future__ import annotations

from typing import Annotated

import typer

from stackgen.cli import completion, console
from stackgen.errors import OptionError
from stackgen.foreign_text import quoted
from stackgen.template import source

EXAMPLES = (
    "stackgen schema",
    "stackgen schema recommend",
)


def command(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A command; without one, the names are listed.",
            autocompletion=completion.outputs,
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of what a command prints with --json."""
    from stackgen.schemas.commands import COMMANDS, output_schema
    from stackgen.template.loading import load_options

    if name is None:
        console.write("\n".join(COMMANDS))
        return
    if name not in COMMANDS:
        raise OptionError(
            f"There is no schema {quoted(name)}. Choose one of: {', '.join(COMMANDS)}."
        )
    console.write_json(output_schema(name, load_options(source.template_root())))
