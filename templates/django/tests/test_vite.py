"""npm and Vite in development: which Node they have, and that they end with the server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import npm, vite


@pytest.fixture
def handlers() -> Iterator[None]:
    """The handlers of signals of this process, put back afterwards."""
    names = [name for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, handlers: None) -> list[int]:
    """What stands for Vite: a program that runs for a while, or ends by itself."""
    seen: list[int] = []
    popen = subprocess.Popen

    def start(args: list[str], **options: object) -> subprocess.Popen[bytes]:
        options["cwd"] = None
        process = popen([sys.executable, "-c", f"import time; time.sleep({args[-1]})"], **options)  # type: ignore[call-overload]
        seen.append(process.pid)
        return process  # type: ignore[no-any-return]

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(vite, "install", lambda: None)
    return seen


def test_npm_has_the_node_of_this_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert npm.environment()["PATH"].split(os.pathsep)[0] == str(tmp_path)
    (tmp_path / "npm").write_text("#!/bin/sh\nexit 7\n")
    (tmp_path / "npm").chmod(0o755)
    monkeypatch.setattr(npm, "FRONTEND", tmp_path)
    assert npm.run("ci") == 7
    (tmp_path / "package-lock.json").touch()
    with pytest.raises(vite.Ended, match="npm ci has ended with 7"):
        vite.install()


def test_without_npm_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(SystemExit, match=r"npm is not installed\. Run: "):
        npm.command("ci")


def test_packages_are_installed_where_the_lock_is_newer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(npm, "FRONTEND", tmp_path)
    monkeypatch.setattr(npm, "run", ran.append)
    lock, installed = tmp_path / "package-lock.json", tmp_path / "node_modules/.package-lock.json"
    installed.parent.mkdir()
    for made, runs in ((lock, 1), (installed, 1)):
        made.touch()
        vite.install()
        assert len(ran) == runs
    os.utime(lock, (time.time() + 9, time.time() + 9))
    vite.install()
    assert ran == ["ci", "ci"]


def test_vite_ends_with_the_server(monkeypatch: pytest.MonkeyPatch, started: list[int]) -> None:
    monkeypatch.setattr(npm, "command", lambda *_: ["60"])
    with vite.running():
        os.kill(started[0], 0)
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


def test_the_server_ends_with_vite(monkeypatch: pytest.MonkeyPatch, started: list[int]) -> None:
    monkeypatch.setattr(npm, "command", lambda *_: ["0"])
    with (
        pytest.raises(vite.Ended, match="Vite has ended with 0"),
        vite.running(),
    ):
        time.sleep(30)
    assert len(started) == 1
