"""Arguments and flags that more than one command takes."""

from __future__ import annotations

from typing import Annotated

import typer

from stackgen.cli import completion
from stackgen.errors import CombinationError

Answers = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Read answers and options from a YAML or JSON file, `-` for standard input, "
        "or from a project's .copier-answers.yml.",
    ),
]
Answer = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        metavar="QUESTION=CHOICE",
        help="Answer one question; may be repeated.",
        autocompletion=completion.answers,
    ),
]
Defaults = Annotated[
    bool, typer.Option("--defaults", help="Ask nothing; take the default of what is not given.")
]
All = Annotated[
    bool, typer.Option("--all", help="Ask every question, without an offer to stop early.")
]
Linear = Annotated[
    bool,
    typer.Option(
        "--linear",
        help="Ask line by line and draw nothing, as a screen reader wants it; so does "
        "STACKGEN_LINEAR=1.",
    ),
]
Again = Annotated[
    bool,
    typer.Option("--again", help="Start from the answers and options of your last interview."),
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Ignore your configuration file.")]
Standard = Annotated[
    str | None,
    typer.Option(
        "--standard",
        metavar="WHERE[@REVISION]",
        help="Follow a team's standard: a path, an address of git, or a name in your "
        "configuration.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print the result as Markdown.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print as little as possible.")]


def refuse_together(**flags: object) -> None:
    """Refuse flags of which only one can count.

    Args:
        flags: The flags, by the names of their parameters; one that is not there is false.

    Raises:
        CombinationError: Two of them are there.
    """
    present = [name for name, value in flags.items() if value]
    if len(present) > 1:
        raise CombinationError.contradiction(present[0], present[1])
