"""Vite beside the server of development: it builds what changes, and both end together."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from app import npm


class Ended(Exception):
    """Vite, or npm before it, has ended by itself; it has said why."""


def install() -> None:
    """Install what the lock names where it is missing, or was installed before the lock changed."""
    installed = npm.FRONTEND / "node_modules" / ".package-lock.json"
    lock = npm.FRONTEND / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    code = npm.run("ci")
    if code:
        raise Ended(f"npm ci has ended with {code}; what it said is above.")


@contextmanager
def running(*words: str, **variables: str) -> Iterator[None]:
    """Run npm's `dev` with these words and variables while the block lasts.

    Where Vite ends first, the block is interrupted as by Ctrl-C, and `Ended` is raised.
    """
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(0))
    # A shell that starts this in the background lets it ignore Ctrl-C, which `_interrupt` sends.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    install()
    process = subprocess.Popen(
        npm.command("run", "dev", "--", *words),
        cwd=npm.FRONTEND,
        env=npm.environment() | variables,
        stdin=subprocess.DEVNULL,  # the terminal is for the debugger of Python
        start_new_session=True,  # a group of its own: npm, a shell and Vite end by one signal
    )
    stopping: list[bool] = []
    try:
        Thread(target=_interrupt, args=(process, stopping), daemon=True).start()
        yield
    except KeyboardInterrupt:
        if process.poll() is None:
            raise
    finally:
        code = process.poll()
        stopping.append(True)
        _stop(process)
    if code is not None:
        raise Ended(f"Vite has ended with {code}; what it said is above.")


def _interrupt(process: subprocess.Popen[bytes], stopping: list[bool]) -> None:
    """Interrupt this process once Vite has ended by itself."""
    process.wait()
    if not stopping:
        os.kill(os.getpid(), signal.SIGINT)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if os.name != "posix":
        process.terminate()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
