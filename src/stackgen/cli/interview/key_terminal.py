"""A terminal that is drawn on: one key is one answer, and what is withdrawn goes away."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_input
from prompt_toolkit.output import create_output

from stackgen.cli.interview import list_screen, options_screen, text_screen
from stackgen.cli.interview.options import OptionsForm
from stackgen.cli.interview.prompts import Prompt, Step


@contextmanager
def key_terminal() -> Iterator[KeyTerminal]:
    """Give a terminal whose keys are read one by one until the block is left.

    It stays in that mode between questions, so that what is typed ahead or pasted is neither
    echoed nor lost: it reaches the next question.
    """
    keys, output = create_input(sys.stdin), create_output(stdout=sys.stderr)
    # Not every terminal answers a request for the cursor's position; none is needed here.
    if hasattr(output, "enable_cpr"):
        output.enable_cpr = False
    with create_app_session(input=keys, output=output), keys.raw_mode():
        yield KeyTerminal()


class KeyTerminal:
    """See `Terminal`, which this is one of."""

    def choose(
        self, prompt: Prompt, choices: Sequence[tuple[str, str]], default: str
    ) -> str | Step:
        """See `Terminal.choose`."""
        return list_screen.choose(prompt, choices, default)

    def type_in(self, prompt: Prompt, default: str, check: Callable[[str], object]) -> str | Step:
        """See `Terminal.type_in`."""
        return text_screen.type_in(prompt, default, check)

    def set_options(self, form: OptionsForm) -> Step | None:
        """See `Terminal.set_options`."""
        return options_screen.set_options(form)
