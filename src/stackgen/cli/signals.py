"""The signals that end a process, as one exception that lets everything be cleaned up first."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

NUMBERS = [signal.SIGINT, signal.SIGTERM]
if hasattr(signal, "SIGHUP"):  # not on Windows
    NUMBERS.append(signal.SIGHUP)


class Interrupted(BaseException):
    """A signal asked the process to end.

    Not a KeyboardInterrupt: Python may remember one that passed through `exec`, and then ends the
    process by SIGINT whatever exit code was asked for.
    """


@contextmanager
def interrupting() -> Iterator[None]:
    """Raise `Interrupted` on the first signal in the block, and ignore every later one in it."""
    caught: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        for other in previous:
            signal.signal(other, signal.SIG_IGN)
        caught.append(number)
        raise Interrupted

    previous = {number: signal.getsignal(number) for number in NUMBERS}
    for number, handler in previous.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield
    except Exception as error:
        # It may come in disguise: Python 3.11 turns whatever is raised while a class is being made,
        # as in an import, into a RuntimeError.
        if caught:
            raise Interrupted from error
        raise
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
