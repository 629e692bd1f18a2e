"""Files that are there already: what they become is asked once."""

from __future__ import annotations

from stackgen.cli.console import say, wrap
from stackgen.cli.interview.prompts import Prompt, choose
from stackgen.errors import ExistingFilesError
from stackgen.foreign_text import printable
from stackgen.text.existing import WAYS, plan_lines

LEAVE = "leave"


def ask_existing(found: ExistingFilesError) -> str | None:
    """Show what could become of files that are there, and ask.

    Args:
        found: Which files, and what each way makes of them.

    Returns:
        The way, or nothing when the person chose not to make the project.

    Raises:
        KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
    """
    say()
    say(wrap("These files are there already, and the project has other content in them:"))
    for line in plan_lines(found.plans):
        say(wrap(printable(line), "  ", "    "))
    chosen = choose(
        Prompt(
            title="What is to become of them?",
            why="Lists such as .gitignore get the lines that they lack, and a text that says all "
            "that the other one says takes its place.",
        ),
        [*WAYS.items(), (LEAVE, "Leave without making anything")],
        default=next(iter(WAYS)),
    )
    if chosen == LEAVE:
        return None
    say(wrap(f"Without questions: `--existing {chosen}`.", "  "))
    return str(chosen)
