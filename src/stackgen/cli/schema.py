"""`stackgen schema`: what programs may rely on in what other commands print and write."""

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
    "stackgen schema receipt",
)


def command(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A command, or `receipt`; without one, the names are listed.",
            autocompletion=completion.outputs,
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of what a command prints with --json, or of the receipt."""
    from stackgen.schemas.commands import COMMANDS, FILES, output_schema
    from stackgen.template.loading import load_options

    names = [*COMMANDS, *FILES]
    if name is None:
        console.write("\n".join(names))
        return
    if name not in names:
        raise OptionError(f"There is no schema {quoted(name)}. Choose one of: {', '.join(names)}.")
    console.write_json(output_schema(name, load_options(source.template_root())))
