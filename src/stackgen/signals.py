"""The signals that end a process, and the moment from which a piece of work cannot be stopped.

`interrupting` turns the first signal into an exception that lets everything be cleaned up. Work
that changes something encloses its last step in `finishing`: the step is not disturbed, and once
it is done a signal no longer ends the command, which goes on to report what it did. What takes long
after that, and may be left undone, is enclosed in `going_on`; a moment in which nothing may come
between, in `waiting`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

NUMBERS = [signal.SIGINT, signal.SIGTERM]
if hasattr(signal, "SIGHUP"):  # not on Windows
    NUMBERS.append(signal.SIGHUP)


_MOMENT = 0.01
"""Seconds."""


class Interrupted(BaseException):
    """A signal asked the process to end.

    Not a KeyboardInterrupt: Python may remember one that passed through `exec`, and then ends the
    process by SIGINT whatever exit code was asked for.
    """


@dataclass(slots=True)
class Work:
    """What the signals of an `interrupting` block would interrupt.

    Attributes:
        finished: What was changed for good, as a sentence; empty as long as nothing was.
        ignored: Whether a signal came since.
        goes_on: Whether more is done since, which a signal does end.
    """

    finished: str = ""
    ignored: bool = False
    goes_on: bool = False


_current: Work | None = None


class _Listener:
    """Raises `Interrupted` for the signals of an `interrupting` block."""

    def __init__(self, work: Work) -> None:
        self.caught = False
        self._work = work
        self._handlers = {number: signal.getsignal(number) for number in NUMBERS}
        self._report = sys.unraisablehook

    def begin(self) -> None:
        sys.unraisablehook = self._dropped
        self._listen()

    def end(self) -> None:
        sys.unraisablehook = self._report
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _listen(self) -> None:
        for number, handler in self._handlers.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        work = self._work
        if work.finished and not (work.ignored or work.goes_on):
            work.ignored = True
            return
        for number in self._handlers:
            signal.signal(number, signal.SIG_IGN)
        self.caught = True
        raise Interrupted

    def _dropped(self, found: sys.UnraisableHookArgs) -> None:
        """Raise again what Python dropped, a moment later: here it would be dropped as well."""
        if not issubclass(found.exc_type, Interrupted):
            self._report(found)
            return
        self._listen()
        timer = threading.Timer(_MOMENT, os.kill, [os.getpid(), signal.SIGINT])
        timer.daemon = True
        timer.start()


@contextmanager
def interrupting() -> Iterator[Work]:
    """Raise `Interrupted` on the first signal in the block, and ignore every later one in it.

    Once the work is finished the first signal is ignored as well, so that the result is reported,
    and only a second one is raised.

    What Python drops is raised again: it prints whatever comes in a callback of a weak reference,
    as in an import, or in a `__del__`, and goes on.
    """
    global _current  # noqa: PLW0603 - signals belong to the process, and so does the work they end
    work = Work()
    listener = _Listener(work)
    listener.begin()
    outer, _current = _current, work
    try:
        yield work
    except Exception as error:
        # It may come in disguise: Python 3.11 turns whatever is raised while a class is being made,
        # as in an import, into a RuntimeError.
        if listener.caught:
            raise Interrupted from error
        raise
    finally:
        _current = outer
        listener.end()
    if listener.caught:  # It was dropped, and the work came to its end before it was raised again.
        raise Interrupted


@contextmanager
def going_on(sentence: str) -> Iterator[None]:
    """Let signals end what is done in the block, although the work before it is finished.

    Args:
        sentence: What is true as long as the block has not come to its end.
    """
    work = _current or Work()
    before, work.finished, work.goes_on = work.finished, sentence, True
    try:
        yield
        work.finished = before
    finally:
        work.goes_on = False


@contextmanager
def finishing(sentence: str) -> Iterator[None]:
    """Let signals wait while the block makes its change, and then count the work as finished.

    Where nothing is `interrupting`, as in a program that calls stackgen as a library, they only
    wait.

    Args:
        sentence: What is true once the block was left without an error.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        _finish(sentence)
        return
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, NUMBERS)
    try:
        yield
        _finish(sentence)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


@contextmanager
def waiting() -> Iterator[None]:
    """Let signals wait for the end of the block.

    Unlike those of `finishing` they are not blocked: a process that is started in the block would
    never hear of one.
    """
    noted: list[int] = []
    handlers = {}
    if threading.current_thread() is threading.main_thread():  # Python calls them in no other.
        found = {each: signal.getsignal(each) for each in NUMBERS}
        handlers = {each: handler for each, handler in found.items() if callable(handler)}
    for number in handlers:
        signal.signal(number, lambda number, _frame: noted.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for each in noted[:1]:
            signal.raise_signal(each)


def _finish(sentence: str) -> None:
    if _current is not None:
        _current.finished = sentence
