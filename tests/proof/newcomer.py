"""What a newcomer has: stackgen, a shell, and projects with environments of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from command_line import read_json

ROOT = Path(__file__).parents[2]
FRAMEWORKS = ("django", "flask")
DEV_PORT = 8000
"""What is promised to newcomers; `test_projects.py` alone serves there."""
AS_PROXY = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "203.0.113.7", "Host": "shop.example"}
TOKEN = "api_proof-Vb8nM2xK7qLw4ZtRy9sHc3dFg5jPa1eUo0iWqZrTnMk"  # noqa: S105
SECRET = "proof-7Qw2zR9kLm4nXc8vBt6yHs3dFg5jPa1eUo0iWqZrTnMkLsXvCbYt"  # noqa: S105


def clean_environment(**variables: str) -> dict[str, str]:
    """The environment of a newcomer: no virtual environment, no settings of a project."""
    kept = ("HOME", "LANG", "PATH", "TMPDIR", "SSL_CERT_FILE", "PYENV_VERSION")
    kept += (
        "MYPY_CACHE_DIR",
        "NODE_EXTRA_CA_CERTS",
        "PIP_CACHE_DIR",
        "PIP_CONFIG_FILE",
        "PIP_INDEX_URL",
        "UV_CACHE_DIR",
        "UV_DEFAULT_INDEX",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
    )
    own = {name: os.environ[name] for name in kept if name in os.environ}
    here = str(Path(sys.executable).parent)
    places = own["PATH"].split(os.pathsep)
    own["PATH"] = os.pathsep.join(place for place in places if place != here)
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Proof"), ("EMAIL", "proof@example.com"))
    }
    return {**own, **identity, **variables}


def run(
    *words: str, cwd: Path, timeout: float = 600, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in a newcomer's environment; a failure shows what it printed."""
    done = subprocess.run(
        words,
        cwd=cwd,
        env=clean_environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    if check and done.returncode:
        pytest.fail(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-6000:]}")
    return done


def install(uv: str, project: Path, *wanted: str) -> None:
    """Make the environment of a project, and install it there, as `.[dev]` say, and other packages.

    By uv, which takes less time; that its own commands install it is in `test_projects.py`.
    """
    run(uv, "venv", "--quiet", ".venv", cwd=project)
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "-e", *wanted, cwd=project)


def shell(command: str, cwd: Path, **variables: str) -> str:
    """Run a command as a person types it into a shell."""
    return run("sh", "-c", command, cwd=cwd, **variables).stdout


def packages(project: Path) -> set[str]:
    """What the environment of a project holds, as `name==version`."""
    words = (".venv/bin/python", "-m", "pip", "list", "--disable-pip-version-check")
    said = run(*words, "--format=freeze", cwd=project).stdout
    return {line.lower().replace("_", "-") for line in said.splitlines()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pythons(oldest: int) -> dict[int, str]:
    """The Pythons of this machine that can be worked with, by minor version from `oldest` on."""
    versions = Path("~/.pyenv/versions").expanduser()
    found = {}
    for minor in range(oldest, 20):
        places = [*map(str, sorted(versions.glob(f"3.{minor}.*/bin/python")))]
        for python in filter(None, [*places, shutil.which(f"python3.{minor}")]):
            if not subprocess.run([python, "-c", "import sqlite3, ssl"], check=False).returncode:
                found.setdefault(minor, python)
    return found


def newer_python() -> str:
    """A Python of 3.12 or later on this machine, if there is one."""
    return next(iter(pythons(12).values()), "")


@dataclass
class Answer:
    """An HTTP answer; redirects are not followed."""

    status: int
    headers: Message
    body: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def fetch(url: str, *, method: str = "GET", data: bytes | None = None, **headers: str) -> Answer:
    """Ask a server; `headers` are written with underscores for hyphens."""
    request = urllib.request.Request(url, data=data, method=method)  # noqa: S310 - loopback only
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=20) as response:
            return Answer(response.status, response.headers, response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read().decode())


@contextmanager
def serving(command: str, cwd: Path, port: int, **variables: str) -> Iterator[Path]:
    """A server for as long as the block runs; yields the file that holds what it prints."""
    log = cwd / f"server-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=cwd,
            env=clean_environment(PYTHONFAULTHANDLER="1", **variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_for(port, process, log)
            yield log
        finally:
            _end(process, port, log)


def _end(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Ask the first process to end, then what it has left of its group.

    Not all at once: `uv run` passes SIGTERM on, and a Python that gets it twice may wait for ever
    for a lock of `subprocess`, which the second has kept from being released.
    """
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:  # a failure, which leaves nothing behind
        _abort(process, log)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + 30
    while _is_open(port):
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"What the server has left does not end:\n{log.read_text()[-8000:]}")
        time.sleep(0.05)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _abort(process: subprocess.Popen[bytes], log: Path) -> None:
    """End a server that does not end when asked, and fail with what each process was doing."""
    words = ["ps", "-o", "pid,ppid,stat,etime,args", "--sid", str(process.pid)]
    left = ""
    with suppress(FileNotFoundError):  # not every machine has `ps`
        left = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    os.killpg(process.pid, signal.SIGABRT)  # Python writes the stack of each thread
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    pytest.fail(f"The server did not end:\n{left}\n{log.read_text()[-8000:]}")


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if _is_open(port):
            return
        time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()[-4000:]}")


@dataclass
class Installed:
    """stackgen as its users have it: a wheel in an environment of its own."""

    program: Path
    wheel: Path

    def new(self, path: Path, *words: str, framework: str = "") -> dict[str, Any]:
        """Make a project with no network where the machine allows that, and return its JSON."""
        call = [str(self.program), "new", path.name, "--json", *words]
        if framework:
            call += ["--framework", framework]
        if _can_unshare():
            call = ["unshare", "--net", *call]
        done = run(*call, cwd=path.parent)
        return dict(read_json(["new"], done.stdout[done.stdout.index("{") :]))


def _can_unshare() -> bool:
    unshare = shutil.which("unshare")
    return bool(unshare) and not subprocess.run([unshare, "--net", "true"], check=False).returncode


@dataclass
class Project:
    """A generated project with its own environment, made by its own commands."""

    path: Path
    framework: str
    result: Mapping[str, Any]
    database_url: str = field(default="", kw_only=True)

    @property
    def python(self) -> str:
        return str(self.path / ".venv" / "bin" / "python")

    @property
    def bin(self) -> Path:
        return self.path / ".venv" / "bin"

    @cached_property
    def production(self) -> dict[str, str]:
        """A complete environment of a production process."""
        return {
            "SECRET_KEY": SECRET,
            "ALLOWED_HOSTS": "shop.example,127.0.0.1",
            "DATABASE_URL": self.database_url or f"sqlite:///{self.path}/production.sqlite3",
            "ADMIN_PATH": "back-office-x7",
            "API_TOKEN_SHA256": f"proof:write:{sha256(TOKEN.encode()).hexdigest()}",
            "TRUSTED_PROXY_COUNT": "1",
        }


def clone(project: Project, to: Path) -> Path:
    """What a colleague gets: the first commit, and nothing that git ignores."""
    shutil.rmtree(to, ignore_errors=True)
    run("git", "clone", "--quiet", str(project.path), str(to), cwd=to.parent)
    assert not (to / ".env").exists()
    return to
