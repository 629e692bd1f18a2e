"""The pipeline and the hooks of generated projects, run step by step as their files say."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import postgresql
import pytest
import yaml
from browser import chromium
from newcomer import FRAMEWORKS, Installed, free_port, newer_python, packages, run

RUNNER_DATABASE = "postgresql://postgres@127.0.0.1:5432/postgres"
LEAST_COVERAGE = 92
"""How much of a project its own tests reach, in percent."""
CHOSEN = {"django": (), "flask": ("--set=frontend=vue",)}
GITLAB_DATABASE = "postgresql://postgres@postgres:5432/postgres"


@pytest.fixture(scope="session", params=FRAMEWORKS)
def checkout(
    request: pytest.FixtureRequest,
    installed: Installed,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
) -> Path:
    """A project with a lock and an empty environment, as a runner has it before the first step."""
    folder = tmp_path_factory.mktemp(request.param) / "acme-shop"
    installed.new(folder, *CHOSEN[request.param], framework=request.param)
    run(uv, "lock", "--quiet", cwd=folder)
    run(sys.executable, "-m", "venv", ".venv", cwd=folder)
    return folder


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


def jobs(checkout: Path) -> dict[str, Any]:
    parsed = yaml.safe_load((checkout / ".github/workflows/ci.yml").read_text())
    found: dict[str, Any] = parsed["jobs"]
    return found


def run_job(checkout: Path, name: str, database: str, **matrix: str) -> str:
    """Run every command of a job in bash, which stops at the first error, as a runner does.

    Returns what they print.
    """
    said = ""
    job = jobs(checkout)[name]
    handed = checkout.parent / "handed"
    handed.write_text("")
    # The audit asks who else found a fault today, which is no matter of this template.
    commands = [step for step in job["steps"] if "pip_audit" not in step.get("run", "pip_audit")]
    assert commands
    for step in commands:
        given = {**job.get("env", {}), **step.get("env", {})}
        given = {
            key: re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: matrix[found[1]], value)
            for key, value in given.items()
        }
        given |= dict(line.split("=", 1) for line in handed.read_text().splitlines())
        if "postgresql" in given.get("DATABASE_URL", ""):
            assert given["DATABASE_URL"] == RUNNER_DATABASE
            given["DATABASE_URL"] = database
        given |= {"PATH": f"{checkout}/.venv/bin:{os.defpath}", "GITHUB_ENV": str(handed)}
        said += run("bash", "-e", "-c", step["run"], cwd=checkout, **given).stdout
    return said


def test_checks_pass_and_tests_on_both_databases(checkout: Path, database: str) -> None:
    """With the versions of the lock, and with nothing that it does not name."""
    said = run_job(checkout, "checks", database, newer="")
    (total,) = re.findall(r"(?m)^TOTAL\s.*\s(\d+)%$", said)
    assert int(total) >= LEAST_COVERAGE
    changed = run("git", "status", "--porcelain", cwd=checkout).stdout.split()
    assert changed == ["??", "locked.txt", "??", "uv.lock"], "a check changed a file"
    lock = tomllib.loads((checkout / "uv.lock").read_text())["package"]
    locked = {f"{package['name']}=={package['version']}" for package in lock}
    assert {line.split("==")[0] for line in packages(checkout) - locked} <= {
        "pip",
        "setuptools",
        "uv",
    }


@pytest.mark.parametrize("checkout", ["flask"], indirect=True)
def test_the_built_pages_are_walked_through_in_a_browser(checkout: Path) -> None:
    """What the job `checks` installed and built is there; the server gets a port that is free."""
    job, port = jobs(checkout)["browser"], str(free_port())
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    install, packages, build, *walk = [script.replace("8000", port) for script in scripts]
    assert "pip install" in install
    assert (packages, build) == ("python -m app.npm ci", "python -m app.npm run build")
    given = {name: value.replace("8000", port) for name, value in job["env"].items()}
    given |= {"PATH": f"{checkout}/.venv/bin:{os.defpath}", "CHROMIUM": chromium()}
    said = "".join(run("bash", "-e", "-c", script, cwd=checkout, **given).stdout for script in walk)
    assert "1 passed" in said


@pytest.mark.soak
def test_gitlab_runs_the_same_with_the_framework_that_follows(
    installed: Installed, database: str, tmp_path: Path
) -> None:
    """Without a lock, on the Python of this machine if that is new enough.

    Each command is one of the other host's, says `test_shared_files.py`; those that do not
    depend on the framework's version are run there alone, and the tests on PostgreSQL alone.
    """
    if not (python := newer_python()):
        pytest.skip("no Python 3.12 or later on this machine")
    project = tmp_path / "acme-shop"
    installed.new(project, "--set=ci=gitlab", framework="django")
    run(python, "-m", "venv", ".venv", cwd=project)
    job = yaml.safe_load((project / ".gitlab-ci.yml").read_text())["checks"]
    (newer,) = [entry for entry in job["parallel"]["matrix"] if "NEWER" in entry]
    proved = re.compile(r"pip_audit|\bruff\b|djangofmt|deptry|--cov")
    lines = [line for line in [*job["before_script"], *job["script"]] if not proved.search(line)]
    assert sum("pytest" in line for line in lines) == 1
    script = "\n".join(lines)
    assert script.count(GITLAB_DATABASE) == 1
    given = {**job["variables"], **newer, "PATH": f"{project}/.venv/bin:{os.defpath}"}
    script = script.replace(GITLAB_DATABASE, database)
    run("bash", "-e", "-o", "pipefail", "-c", script, cwd=project, **given)
    said = run(".venv/bin/python", "-m", "django", "--version", cwd=project).stdout
    assert f">={'.'.join(said.split('.')[:2])}," in newer["NEWER"]


def test_hooks_pass_without_network_or_activation(checkout: Path, uv: str) -> None:
    """`pre-commit` finds the tools in `.venv` although they are not on PATH."""
    wanted = ("-e", ".[dev]", "pre-commit")
    run(uv, "pip", "install", "--quiet", "--python", ".venv", *wanted, cwd=checkout)
    hooks = [".venv/bin/pre-commit", "run"]
    plain = {"PATH": os.defpath}
    # A network of its own has no way out; where namespaces are forbidden the hooks run as usual.
    alone = ["unshare", "--net", "--map-root-user"]
    is_allowed = (
        shutil.which("unshare") and not run(*alone, "true", cwd=checkout, check=False).returncode
    )
    done = run(*(alone if is_allowed else []), *hooks, "--all-files", cwd=checkout, **plain)
    assert done.stdout.count("Passed") >= 3

    (checkout / ".env").write_text("SECRET_KEY=x\n")
    run("git", "add", "--force", ".env", cwd=checkout)
    refused = run(*hooks, cwd=checkout, check=False, **plain)
    run("git", "rm", "--cached", "--force", "--quiet", ".env", cwd=checkout)
    assert refused.returncode != 0
    assert "must stay out of the repository" in refused.stdout
