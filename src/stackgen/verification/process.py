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

GRACE = 10
"""Seconds that a process has to end by itself once it is asked to."""

# What a person has set for their shell may be meant for another project, such as DATABASE_URL: a
# command gets what programs need to work at all, and no more.
_NAMES = {
    *("APPDATA", "COMSPEC", "HOME", "LANG", "LOCALAPPDATA", "LOGNAME", "MYPY_CACHE_DIR", "PATH"),
    *("PATHEXT", "REQUESTS_CA_BUNDLE", "SYSTEMROOT", "TZ", "USER", "USERPROFILE"),
    *("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"),
}
_PREFIXES = ("LC_", "PIP_", "PYENV_", "SSL_CERT_", "UV_", "XDG_")
_OTHER_PROJECT = {"UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "UV_WORKING_DIRECTORY", "PIP_TARGET"}

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that came to its end.

    Attributes:
        code: Its exit code; negative for the signal that ended it.
        output: What it printed, on both streams, without control characters.
    """

    code: int
    output: str

    @property
    def lines(self) -> list[str]:
        """The lines that hold something."""
        return [line.rstrip() for line in self.output.splitlines() if line.strip()]

    @property
    def how(self) -> str:
        """How it ended, in words."""
        return f"exit code {self.code}" if self.code >= 0 else f"signal {-self.code}"


def run(
    words: Sequence[str], *, cwd: Path, scratch: Path, settings: Mapping[str, str] | None = None
) -> Ended:
    """Run a command, and wait for its end.

    Args:
        words: The program and its arguments.
        cwd: The directory to run in; a program with a `/` in its name is looked for there.
        scratch: A directory for what it prints, and for its temporary files.
        settings: Variables on top of those that every command gets.

    Raises:
        OSError: The output cannot be kept.
    """
    with started(words, cwd=cwd, scratch=scratch, settings=settings) as process:
        process.wait()
    return process.ended()


class Process:
    """A command that runs."""

    def __init__(self, popen: subprocess.Popen[bytes] | None, output: Path, failure: str) -> None:
        """Take the process; nothing where it could not be started."""
        self._popen = popen
        self._output = output
        self._failure = failure

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._popen is not None and self._popen.poll() is None

    def wait(self) -> None:
        """Wait for its end."""
        if self._popen:
            self._popen.wait()

    def ended(self) -> Ended:
        """Return how it ended, and what it printed."""
        if self._popen is None or self._popen.returncode is None:
            return Ended(127, self._failure)
        return Ended(self._popen.returncode, self.output())

    def output(self) -> str:
        """Return what it has printed so far."""
        text = self._output.read_text("utf-8", errors="replace").replace("\r\n", "\n")
        text = _ESCAPES.sub("", text).replace("\r", "\n")
        return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")

    def end(self) -> None:
        """End it and all that it started, first by asking."""
        if self._popen is None:
            return
        for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            self._send(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(GRACE)
                break
        # What it started may have outlived it: nothing of its session stays.
        self._send(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _send(self, number: int) -> None:
        assert self._popen  # noqa: S101 - for the type checker
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._popen.pid, number)
            else:  # Windows
                self._popen.send_signal(number)


@contextlib.contextmanager
def started(
    words: Sequence[str], *, cwd: Path, scratch: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """Start a command, and end it with the context; see `run`."""
    descriptor, name = tempfile.mkstemp(dir=scratch)
    output, popen, failure = Path(name), None, ""
    process = Process(None, output, "")
    try:
        program = cwd / words[0] if "/" in words[0] else words[0]
        try:
            popen = subprocess.Popen(
                [str(program), *words[1:]],
                cwd=cwd,
                env=_environment(scratch, settings or {}),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # A Ctrl-C is for the caller, who then ends this one.
            )
        except OSError as error:
            failure = f"{words[0]}: {error.strerror}"
        process = Process(popen, output, failure)
        yield process
    finally:
        process.end()
        os.close(descriptor)


def _environment(scratch: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a command, whose temporary files go with the scratch directory."""
    own = {
        name: value
        for name, value in os.environ.items()
        if (name.upper() in _NAMES or name.startswith(_PREFIXES)) and name not in _OTHER_PROJECT
    }
    own |= dict.fromkeys(("TEMP", "TMP", "TMPDIR"), str(scratch))
    return {**own, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", **settings}
