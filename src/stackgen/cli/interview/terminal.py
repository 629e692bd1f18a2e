"""Which terminal a person is asked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stackgen.cli.interview.line_terminal import LineTerminal
from stackgen.cli.interview.prompts import Terminal


@contextmanager
def open_terminal(*, linear: bool) -> Iterator[Terminal]:
    """Give the terminal that the process has, until the block is left.

    Args:
        linear: Ask line by line, and draw nothing.
    """
    if linear:
        yield LineTerminal()
        return
    from stackgen.cli.interview.key_terminal import key_terminal

    with key_terminal() as terminal:
        yield terminal
