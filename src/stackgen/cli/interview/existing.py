"""Files that are there already: what becomes of them is asked once."""

from __future__ import annotations

from stackgen.cli.console import say, wrap
from stackgen.cli.interview.prompts import Prompt
from stackgen.cli.interview.terminal import open_terminal
from stackgen.errors import ExistingFilesError
from stackgen.foreign_text import printable
from stackgen.text.existing import WAYS, plan_lines


def ask_existing(found: ExistingFilesError, *, linear: bool) -> str:
    """Show what could become of files that are there, and ask.

    Args:
        found: Which files, and what each way makes of them.
        linear: Ask line by line, and draw nothing.

    Returns:
        The way that was chosen.

    Raises:
        KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
    """
    say("These files are there already, and the project has other content in them:")
    for line in plan_lines(found.plans):
        say(wrap(printable(line), "  ", "    "))
    prompt = Prompt(
        title="What is to become of them?",
        why="Lists such as .gitignore get the lines that they lack, and a text that says all that "
        "the other one says takes its place. `--existing` says it beforehand.",
    )
    with open_terminal(linear=linear) as terminal:
        return str(terminal.choose(prompt, list(WAYS.items()), default=next(iter(WAYS))))
