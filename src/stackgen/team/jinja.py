"""Files of an overlay rendered by a process that can be ended: see `stackgen.team.worker`."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping
from typing import Any, Self

from stackgen.errors import RenderError, StandardError
from stackgen.foreign_text import one_line
from stackgen.team.tree import LARGEST_FILE, LARGEST_OVERLAY
from stackgen.team.worker import READY

SECONDS = 20
"""How long the files of one project may take."""

_LARGEST_ANSWER = 4 * LARGEST_OVERLAY
"""In bytes: JSON writes a character as up to six."""

_LONGEST_ERROR = 500
"""In characters: a template may name what is missing at any length."""

_LONGEST_TRACEBACK = 64 * 1024

_ENDING_SECONDS = 2
"""A process that closed its pipe by its own will has its exit code a moment later."""


class Jinja:
    """Renders the files of overlays, one set after another; threads wait for each other."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        """Start nothing yet.

        Args:
            seconds: How long one set may take.
        """
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Return itself; the process starts with the first set."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._end()

    def render(
        self,
        files: Mapping[str, str],
        names: Collection[str],
        variables: Mapping[str, Any],
        envops: Mapping[str, Any],
    ) -> dict[str, str]:
        """Render files of an overlay.

        Args:
            files: All that may be included: path below `overlay/` to text.
            names: Those of them to render.
            variables: What they may read.
            envops: How the template sets Jinja up.

        Raises:
            StandardError: One cannot be rendered, or takes too much.
            RenderError: Python cannot be started, or ended on its own.
        """
        request = {
            "files": dict(files),
            "render": list(names),
            "variables": dict(variables),
            "envops": dict(envops),
            "largest": LARGEST_FILE,
            "largest_together": LARGEST_OVERLAY,
        }
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            try:
                answer = self._answer(line)
            except BaseException:
                self._end()
                raise
        if "error" in answer:
            said = one_line(answer["error"])
            raise StandardError(
                said if len(said) <= _LONGEST_ERROR else f"{said[:_LONGEST_ERROR]}..."
            )
        texts: dict[str, str] = answer["texts"]
        return texts

    def _answer(self, line: bytes) -> dict[str, Any]:
        is_fresh = self._process is None
        answer = self._ask(line)
        if answer is None and not is_fresh:
            self._end()  # The sets of other projects before may have brought it to its limits.
            answer = self._ask(line)
        if answer is None:
            assert self._process  # noqa: S101 - it was asked
            raise _ended(self._process)
        found: dict[str, Any] = json.loads(answer)
        return found

    def _ask(self, request: bytes) -> bytes | None:
        """Return what the process answers; nothing where it ended, or says too much."""
        if self._process is None:
            self._process = _start()
            _check_start(self._process, self._seconds)
        try:
            return _exchange(self._process, request, self._seconds)
        except TimeoutError:
            raise StandardError(
                f"The files of the overlay take longer than {self._seconds:g} seconds to render. "
                "Leave out what takes so long."
            ) from None

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            with contextlib.suppress(BrokenPipeError), self._process:
                pass  # Its pipes are closed, and it is waited for.
            self._process = None


def _exchange(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> bytes | None:
    """Send a line to a process and return its next one; nothing where it ends, or says too much.

    Raises:
        TimeoutError: It takes longer.
    """
    assert process.stdin  # noqa: S101 - for the type checker: both are pipes
    assert process.stdout  # noqa: S101
    deadline = time.monotonic() + seconds
    answer = bytearray()
    os.set_blocking(process.stdin.fileno(), False)
    unsent = memoryview(request)
    with selectors.DefaultSelector() as selector:
        if unsent:
            selector.register(process.stdin, selectors.EVENT_WRITE)
        selector.register(process.stdout, selectors.EVENT_READ)
        while not answer.endswith(b"\n"):
            ready = selector.select(timeout=max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                if key.fileobj is process.stdin:
                    with contextlib.suppress(BrokenPipeError):
                        unsent = unsent[os.write(key.fd, unsent) :]
                        if unsent:
                            continue
                    selector.unregister(process.stdin)
                    continue
                chunk = os.read(key.fd, 1024 * 1024)
                answer += chunk
                if not chunk or len(answer) > _LARGEST_ANSWER:
                    return None
    return bytes(answer)


def _check_start(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until a process says that it has begun; from then on what it does is the overlay's.

    Raises:
        RenderError: It does not.
    """
    said = f"Python (`{sys.executable}`) cannot be started to render files of an overlay"
    try:
        begun = _exchange(process, b"", seconds)
    except TimeoutError:
        raise RenderError(f"{said}: it takes longer than {seconds:g} seconds.") from None
    if begun != READY:
        assert process.stderr  # noqa: S101 - for the type checker: it is a pipe
        how = _how(process)
        *_, last = [b"", *process.stderr.read(_LONGEST_TRACEBACK).splitlines()]
        cause = one_line(last.decode(errors="replace"))[:_LONGEST_ERROR] or how
        raise RenderError(f"{said}: {cause.rstrip('.')}.")


def _ended(process: subprocess.Popen[bytes]) -> StandardError | RenderError:
    """Return the error of a process that gave no answer, by how it ended."""
    how = _how(process)
    if process.returncode < 0:
        return StandardError(
            f"The files of the overlay take too much memory to render: the process {how}. Leave "
            "out what takes so much."
        )
    return RenderError(f"The files of the overlay cannot be rendered: the process {how}.")


def _how(process: subprocess.Popen[bytes]) -> str:
    """Return how a process ended, which it is about to do unless it says too much."""
    try:
        code = process.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was killed by signal {-code} ({signal.strsignal(-code)})"


def _start() -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TMPDIR") if name in os.environ}
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-S", "-W", "ignore", "-m", "stackgen.team.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,  # What is said there once it has begun goes nowhere.
            env={
                **kept,
                "PATH": os.devnull,
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONHASHSEED": "0",  # Sets have the same order tomorrow.
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            start_new_session=True,  # A Ctrl-C is for the caller, who then ends this one.
        )
    except OSError as error:
        raise RenderError(
            f"Python (`{sys.executable}`) cannot be started: {error.strerror}."
        ) from error
