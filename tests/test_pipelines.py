"""The pipeline and the hooks of generated projects, run step by step as their files say."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Render
from option_matrix import DEFAULTS, OPTIONS

pytestmark = pytest.mark.proof

RUNNER_DATABASE = "postgresql://postgres@127.0.0.1:5432/postgres"
FOREIGN = ("DATABASE_URL", "PYTHONPATH", "SECRET_KEY", "VIRTUAL_ENV")


def run(
    command: str | list[str], folder: Path, environment: Mapping[str, str], **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner does: in bash, which stops at the first error."""
    line = ["bash", "-e", "-c", command] if isinstance(command, str) else command
    return subprocess.run(
        line,
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        **options,
    )


@pytest.fixture(scope="session", params=OPTIONS.frameworks)
def checkout(
    request: pytest.FixtureRequest, render: Render, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A fresh clone of a default project with an empty environment in `.venv`."""
    folder = tmp_path_factory.mktemp(request.param) / "acme-shop"
    shutil.copytree(render(DEFAULTS[request.param]).path, folder)
    venv.create(folder / ".venv", with_pip=True, symlinks=True)
    for command in (["init", "--quiet", "--initial-branch", "main"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, trusting everyone, as CI's service does."""
    known = [*Path("/usr/lib/postgresql").glob("*/bin"), Path(shutil.which("initdb") or "").parent]
    programs = next((folder for folder in known if (folder / "initdb").exists()), None)
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    # It refuses to run as root, and pytest's own folders are closed to its user.
    user = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="stackgen-postgresql-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, "postgres")

        def server(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(folder / "data"), *arguments]
            done = run(command, folder, {"LC_ALL": "C.UTF-8"}, **user)
            assert done.returncode == 0, done.stdout + done.stderr

        server("initdb", "-A", "trust", "-U", "postgres")
        options = f"-p {port} -k {folder} -c fsync=off -c listen_addresses=127.0.0.1"
        server("pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        server("pg_ctl", "-m", "fast", "stop")


def jobs(checkout: Path) -> dict[str, Any]:
    parsed = yaml.safe_load((checkout / ".github/workflows/ci.yml").read_text())
    found: dict[str, Any] = parsed["jobs"]
    return found


def run_job(checkout: Path, name: str, database: str = "") -> None:
    """Run every step of a job that is a command, with what it hands to later steps."""
    job = jobs(checkout)[name]
    handed = checkout.parent / "handed"
    handed.write_text("")
    outside = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    outside |= {"PATH": f"{checkout}/.venv/bin:{os.defpath}", "GITHUB_ENV": str(handed)}
    commands = [step for step in job["steps"] if "run" in step]
    assert commands
    for step in commands:
        given = {**job.get("env", {}), **step.get("env", {})}
        given |= dict(line.split("=", 1) for line in handed.read_text().splitlines())
        if "postgresql" in given.get("DATABASE_URL", ""):
            assert given["DATABASE_URL"] == RUNNER_DATABASE
            given["DATABASE_URL"] = database
        done = run(step["run"], checkout, outside | given)
        assert done.returncode == 0, f"{step['run']}\n{done.stdout}{done.stderr}"


def test_checks_pass(checkout: Path) -> None:
    run_job(checkout, "checks")


def test_tests_pass_on_both_databases(checkout: Path, postgresql: str) -> None:
    run_job(checkout, "tests", postgresql)


def test_next_release_passes(checkout: Path) -> None:
    """The job for the framework's next release; last, as it replaces the installed one."""
    name = next((name for name in jobs(checkout) if name.startswith("next-")), None)
    if name is None:
        pytest.skip("no such job")
    if sys.version_info < (3, 12):
        pytest.skip("the next release needs Python 3.12")
    run_job(checkout, name)


def test_hooks_pass_without_network_or_activation(checkout: Path) -> None:
    """`pre-commit` finds the tools in `.venv` although they are not on PATH."""
    tools = checkout / ".venv/bin"
    plain = {"PATH": os.defpath, "HOME": str(checkout.parent), "LC_ALL": "C.UTF-8"}
    install = [
        str(tools / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "-e",
        ".[dev]",
        "pre-commit",
    ]
    done = run(install, checkout, dict(os.environ))
    assert done.returncode == 0, done.stderr
    # A network of its own has no way out; where namespaces are forbidden the hooks run as usual.
    alone = ["unshare", "--net", "--map-root-user"]
    offline = alone if run([*alone, "true"], checkout, plain).returncode == 0 else []
    hooks = run([*offline, str(tools / "pre-commit"), "run", "--all-files"], checkout, plain)
    assert hooks.returncode == 0, hooks.stdout + hooks.stderr
    assert hooks.stdout.count("Passed") >= 3

    (checkout / ".env").write_text("SECRET_KEY=x\n")
    run(["git", "add", "--force", ".env"], checkout, plain)
    refused = run([str(tools / "pre-commit"), "run"], checkout, plain)
    run(["git", "rm", "--cached", "--force", "--quiet", ".env"], checkout, plain)
    assert refused.returncode != 0
    assert "must stay out of the repository" in refused.stdout
