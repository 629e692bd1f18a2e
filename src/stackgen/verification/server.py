"""A production server for as long as it is asked, on a port of its own."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stackgen.template.verification import Address
from stackgen.verification.process import Process, started

PATIENCE = 60
"""Seconds that a server has to start."""

_TIMEOUT = 30


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    words: Sequence[str], port: int, *, cwd: Path, scratch: Path, settings: Mapping[str, str]
) -> Iterator[Process]:
    """Start a server, and wait until it listens or has ended; it ends with the context.

    Args:
        words: The command.
        port: Where it listens.
        cwd: The project's directory.
        scratch: A directory for what it prints.
        settings: Its settings.
    """
    with started(words, cwd=cwd, scratch=scratch, settings=settings) as process:
        deadline = time.monotonic() + PATIENCE
        while process.is_running and time.monotonic() < deadline and not _listens(port):
            time.sleep(0.05)
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


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
