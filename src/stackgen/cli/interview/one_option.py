"""One option alone, put to a person: what an update asks for that brings a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stackgen.cli.interview.prompts import Prompt, Terminal
from stackgen.template.option import Option, shown


def ask_option(terminal: Terminal, option: Option, value: Any, words: Sequence[str]) -> Any:
    """Ask for the value of one option.

    Args:
        terminal: Where to ask.
        option: The option.
        value: The value that Enter takes.
        words: What there is to choose from; nothing where it takes any text.

    Raises:
        KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
    """
    prompt = Prompt(title=option.help)
    if not words:
        return option.parse(terminal.type_in(prompt, shown(value), option.parse))
    labels = option.choices or {"true": "Yes", "false": "No"}
    chosen = terminal.choose(prompt, [(word, labels[word]) for word in words], default=shown(value))
    return option.parse(chosen)
