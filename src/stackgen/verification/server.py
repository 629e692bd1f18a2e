"""A production server for as long as it is asked, on a port of its own."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stackgen.template.verification import Address
from stackgen.verification.process import GIVEN_UP, Ended, NotStarted, Process, started

PATIENCE = 60
"""Seconds that a server has to start."""

_TIMEOUT = 30

# Where Linux tells who listens, and how it writes that somebody does.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENING = "0A"


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    words: Sequence[str], port: int, *, cwd: Path, scratch: Path, environment: Mapping[str, str]
) -> Iterator[Process]:
    """Start a server, and wait until it listens; it ends with the context.

    Args:
        words: The command.
        port: Where it listens.
        cwd: The project's directory.
        scratch: A directory for what it prints.
        environment: Its variables.

    Raises:
        NotStarted: It has ended, or does not listen in time.
        OSError: What it prints cannot be kept.
    """
    with started(words, cwd=cwd, scratch=scratch, environment=environment) as process:
        deadline = time.monotonic() + PATIENCE
        while not (listens := _listens(process, port)) and time.monotonic() < deadline:
            if not process.is_running:
                break
            time.sleep(0.05)
        if not process.is_running:
            raise NotStarted(process.ended())
        if not listens:
            reason = f"it does not listen at port {port} after {PATIENCE} s"
            if _answers(port):
                reason += ", where another program does"
            raise NotStarted(Ended(GIVEN_UP, process.output(), reason))
        yield process


def ask(port: int, address: Address, headers: Mapping[str, str]) -> str:
    """Ask a server for an address; return what is wrong with the answer, or nothing.

    Args:
        port: Where it listens.
        address: What is asked, and which answers are right.
        headers: What the request carries.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        connection.request("GET", address.path, headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {error}"
    finally:
        connection.close()
    expected = " or ".join(map(str, address.status))
    if answer.status not in address.status:
        return f"{answer.status} {answer.reason}, and {expected} is right"
    kind = answer.getheader("Content-Type", "").partition(";")[0]
    if address.type and kind != address.type:
        return f"{kind or 'no type of content'}, and {address.type} is right"
    return ""


def _listens(process: Process, port: int) -> bool:
    """Whether somebody listens at a port, and, where that can be seen, it is this process."""
    return _answers(port) and _is_its_own(process, port)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_its_own(process: Process, port: int) -> bool:
    """Whether a process listens at a port, or one that it started; also where nobody can tell."""
    sockets = set()
    for table in _TABLES:
        with contextlib.suppress(OSError):
            for line in table.read_text("ascii").splitlines()[1:]:
                fields = line.split()
                if fields[1].endswith(f":{port:04X}") and fields[3] == _LISTENING:
                    sockets.add(f"socket:[{fields[9]}]")
    return not sockets or not sockets.isdisjoint(_open_files(process.session))


def _open_files(session: int) -> Iterator[str]:
    """Yield what the processes of a session have open, as Linux names it."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # It has ended, or is somebody else's.
            if os.getsid(int(folder.name)) == session:
                yield from (str(file.readlink()) for file in (folder / "fd").iterdir())
