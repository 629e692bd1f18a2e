"""Commands of a verification: each in a session of its own, which nothing outlives."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stackgen import signals

GRACE = 10
"""Seconds that a process has to end by itself once it is asked to."""

LIMIT = 15 * 60
"""Seconds that a command has to come to its end."""

GIVEN_UP = 124
"""The exit code of a command that was not waited for any longer, as with `timeout`."""

_NOT_STARTED = 127
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has none.
_HAS_GROUPS = hasattr(os, "killpg")
# Reads until whoever holds the other end is gone, and then ends the group that it is called by.
_WATCH = 'read -r _; kill -s KILL -- "-$0"'
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that came to its end.

    Attributes:
        code: Its exit code; negative for the signal that ended it.
        output: What it printed, on both streams, without control characters.
        reason: Why it was ended, in words; empty where it ended by itself.
    """

    code: int
    output: str
    reason: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines that hold something."""
        return _lines(self.output)

    @property
    def how(self) -> str:
        """How it ended, in words."""
        by_code = f"exit code {self.code}" if self.code >= 0 else f"signal {-self.code}"
        return self.reason or by_code


class NotStarted(Exception):  # noqa: N818 - it is told as a result, and no error of stackgen's
    """A command did not come to what it was started for."""

    def __init__(self, ended: Ended) -> None:
        """Take how it ended."""
        super().__init__(ended.how)
        self.ended = ended


def run(
    words: Sequence[str],
    *,
    cwd: Path,
    scratch: Path,
    environment: Mapping[str, str],
    limit: float = LIMIT,
) -> Ended:
    """Run a command, and wait for its end; one that takes too long is ended.

    Args:
        words: The program and its arguments.
        cwd: The directory to run in; a program with a `/` in its name is looked for there.
        scratch: A directory for what it prints, and for its temporary files.
        environment: Its variables.
        limit: The seconds that it has.

    Raises:
        OSError: The output cannot be kept.
    """
    try:
        with started(words, cwd=cwd, scratch=scratch, environment=environment) as process:
            in_time = process.wait(limit)
    except NotStarted as error:
        return error.ended
    if in_time:
        return process.ended()
    return Ended(GIVEN_UP, process.output(), f"still running after {_duration(limit)}")


class Process:
    """A command that was started."""

    def __init__(self, popen: subprocess.Popen[bytes], output: Path) -> None:
        """Take the process, and the file that it prints to."""
        self._popen = popen
        self._output = output

    @property
    def session(self) -> int:
        """The number of its session, in which everything is that it starts."""
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._popen.poll() is None

    def wait(self, seconds: float) -> bool:
        """Wait for its end, and return whether it came."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)
        return not self.is_running

    def ended(self) -> Ended:
        """Return how it ended, and what it printed."""
        return Ended(self._popen.wait(), self.output())

    def output(self) -> str:
        """Return what it has printed so far."""
        text = self._output.read_text("utf-8", errors="replace").replace("\r\n", "\n")
        text = _ESCAPES.sub("", text).replace("\r", "\n")
        return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")

    def lines(self) -> list[str]:
        """Return the lines so far that hold something."""
        return _lines(self.output())

    def end(self) -> None:
        """End it and all that it started, first by asking."""
        with signals.waiting():
            for number in (signal.SIGTERM, _KILL):
                self._send(number)
                if self.wait(GRACE):
                    break
            # What it started may have outlived it: nothing of its session stays.
            self._send(_KILL)

    def _send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if _HAS_GROUPS:
                os.killpg(self._popen.pid, number)
            else:
                self._popen.send_signal(number)


@contextlib.contextmanager
def started(
    words: Sequence[str], *, cwd: Path, scratch: Path, environment: Mapping[str, str]
) -> Iterator[Process]:
    """Start a command, and end it with the context; see `run`.

    Raises:
        NotStarted: There is no such program.
        OSError: The output cannot be kept.
    """
    descriptor, name = tempfile.mkstemp(dir=scratch)
    program = cwd / words[0] if "/" in words[0] else words[0]
    # Its temporary files go with the scratch directory.
    temporary = dict.fromkeys(("TEMP", "TMP", "TMPDIR"), str(scratch))
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, descriptor)
        with signals.waiting():  # Or there would be a process that nobody knows of.
            try:
                popen = subprocess.Popen(
                    [str(program), *words[1:]],
                    cwd=cwd,
                    env={**environment, **temporary, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
                    stdin=subprocess.DEVNULL,
                    stdout=descriptor,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # A Ctrl-C is for the caller, who then ends this one.
                )
            except OSError as error:
                ended = Ended(_NOT_STARTED, f"{words[0]}: {error.strerror}")
                raise NotStarted(ended) from error
            process = Process(popen, Path(name))
            stack.callback(process.end)
            if _HAS_GROUPS:
                stack.enter_context(_watched(process.session))
        yield process


@contextlib.contextmanager
def _watched(group: int) -> Iterator[None]:
    """Have a group of processes ended should this process be killed within the context."""
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", _WATCH, str(group)],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        watcher.kill()  # Before its input ends with the pipe.
        watcher.communicate()


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.0f} minutes"  # noqa: PLR2004
