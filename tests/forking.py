"""stackgen in one process after another that need not start: each is forked from one that waits.

As a program, it imports what stackgen imports, and then forks for each call that arrives at the
socket that is its standard input. A call is a process as any other, with a folder, variables and
streams of its own; only Python, and the packages it imports, are not loaded again, which takes most
of the time of a call. So it is with the process in which Copier renders, too.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn, Self

import stackgen
from stackgen.template import rendering

LONGEST = 60
"""Seconds that a call may take."""


class Forking:
    """The process that waits, started when it is first needed."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def call(
        self, words: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdin: str
    ) -> tuple[int, str, str]:
        """Call stackgen; return its exit code, and what it wrote to stdout and stderr."""
        connection = self._socket = self._socket or self._start()
        request = {"words": words, "cwd": str(cwd), "env": dict(env)}
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as errors,
        ):
            given.write(stdin.encode())
            given.seek(0)
            streams = [file.fileno() for file in (given, out, errors)]
            socket.send_fds(connection, [f"{json.dumps(request)}\n".encode()], streams)
            try:
                code = connection.recv(16)
            except TimeoutError:
                self._socket = None  # Its answer is to this call, should it come.
                raise
            assert code, "the process that forks has ended"
            texts = []
            for file in (out, errors):
                file.seek(0)
                texts.append(file.read().decode().replace("\r\n", "\n"))
        return int(code), texts[0], texts[1]

    @staticmethod
    def _start() -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            subprocess.Popen(
                [sys.executable, "-W", "ignore", __file__],
                # Plumbum, by which Copier looks for git, keeps the PATH that it was imported with.
                env={**os.environ, **rendering._ENVIRONMENT},
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ).returncode = 0  # It ends with the socket, and nobody waits for it.
        ours.settimeout(5 * LONGEST)  # It imports and compiles, on a busy machine perhaps.
        assert ours.recv(16), "the process that forks did not start"
        ours.settimeout(LONGEST)
        return ours


class _Worker:
    """`subprocess.Popen` of the process that renders, for what `Renderer` does with it."""

    def __init__(self, _words: Sequence[str], *, env: Mapping[str, str], **_: Any) -> None:
        asked, asking = os.pipe()
        telling, told = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.setsid()
            _become(env, asked, told, os.open(os.devnull, os.O_WRONLY))
            for each in (asked, asking, telling, told):
                os.close(each)
            _end(_render)
        os.close(asked)
        os.close(told)
        self.stdin, self.stdout = os.fdopen(asking, "wb"), os.fdopen(telling, "rb")
        self._status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        try:
            self.stdin.close()
        finally:
            self.wait()

    def kill(self) -> None:
        if self._status is None:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._status


def _become(env: Mapping[str, str], *streams: int) -> None:
    """Give this process the variables, the streams and the signals of one that was started."""
    os.environ.clear()
    os.environ.update(env)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _end(program: Any) -> NoReturn:
    """Run a program to its end as Python does, and end this process with it."""
    try:
        program()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else bool(ended.code)
    except BaseException:  # noqa: BLE001 - Python would print it
        sys.excepthook(*sys.exc_info())
        code = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def _render() -> None:
    from stackgen.template.worker import main

    main()


def _import_all() -> None:
    """Import the whole of stackgen, and what Copier renders with."""
    import copier  # noqa: F401

    for module in pkgutil.walk_packages(stackgen.__path__, "stackgen."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    rendering.subprocess = SimpleNamespace(  # type: ignore[attr-defined]
        Popen=_Worker, PIPE=subprocess.PIPE, DEVNULL=subprocess.DEVNULL
    )


def _render_each() -> None:
    """Let Jinja compile the templates, which a process that renders does once in its life."""
    from stackgen.template import worker
    from stackgen.template.loading import load_options
    from stackgen.template.source import template_root

    options = load_options(template_root())
    for framework in options.frameworks:
        values = options.resolve({"framework": framework, "project_name": "shop"}).values
        with tempfile.TemporaryDirectory() as folder:
            worker._attempt(template_root(), Path(folder) / "shop", values, None)


def _serve() -> None:
    from stackgen.__main__ import main

    _import_all()
    _render_each()
    connection = socket.socket(fileno=os.dup(0))
    connection.send(b"ready")
    while True:
        text, streams, *_ = socket.recv_fds(connection, 1 << 16, 3)
        while text and not text.endswith(b"\n"):
            text += connection.recv(1 << 16)
        if not text:
            return
        child = os.fork()
        if not child:
            connection.close()
            request = json.loads(text)
            _become(request["env"], *streams)
            for each in streams:
                os.close(each)
            os.chdir(request["cwd"])
            sys.argv = ["stackgen", *request["words"]]
            _end(main)
        for each in streams:
            os.close(each)
        status = os.waitpid(child, 0)[1]
        connection.send(f"{os.waitstatus_to_exitcode(status)}".encode())


if __name__ == "__main__":
    _serve()
