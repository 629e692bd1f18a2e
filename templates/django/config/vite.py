"""Vite beside the server of development: it has the address to open, and both end together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from config import npm

HOST = "127.0.0.1"
USUAL_PORT = 5173


class Ended(Exception):
    """Vite, or npm before it, has ended by itself; it has said why."""


def free_port() -> int:
    """Return the port that Vite has where nobody else does, or any that is free."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe, suppress(OSError):
            if os.name == "posix":  # what an earlier Vite has not closed yet is no obstacle
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    raise Ended(f"No port of {HOST} is free.")


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
def running(port: int, backend: str, paths: list[str]) -> Iterator[None]:
    """Run Vite on a port while the block lasts; it passes what is below `paths` to `backend`.

    Where Vite ends first, the block is interrupted as by Ctrl-C, and `Ended` is raised.
    """
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(0))
    # A shell that starts this in the background lets it ignore Ctrl-C, which `_interrupt` sends.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    install()
    variables = {"BACKEND": backend, "BACKEND_PATHS": ",".join(paths)}
    process = subprocess.Popen(  # noqa: S603
        npm.command("run", "dev", "--", "--port", str(port), "--host", HOST),
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
