"""The lock of a generated project: made, installed from and kept as its README says."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
from newcomer import (
    AS_PROXY,
    FRAMEWORKS,
    Installed,
    Project,
    clone,
    fetch,
    free_port,
    packages,
    run,
    serving,
    shell,
)
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SYNC = "uv sync --frozen --no-dev --no-managed-python"


def blocks(project: Path) -> list[list[str]]:
    """The commands of the README's section, block by block: with uv, with pip, without uv."""
    text = (project / "README.md").read_text().split("\n## Lock the versions\n")[1]
    section = text.split("\n## ")[0]
    assert "`uv lock`" in section
    found = [block.splitlines() for block in re.findall(r"(?ms)^```shell\n(.*?)^```", section)]
    assert len(found) == 3
    assert found[0] == [SYNC]
    return found


def locked(project: Path) -> dict[str, str]:
    document = tomllib.loads((project / "pylock.toml").read_text())
    return {package["name"]: package.get("version", "") for package in document["packages"]}


def spoil(lock: Path, package: str) -> None:
    """Change one digit in the hash of each file of a package."""
    head, name, rest = lock.read_text().partition(f'name = "{package}"\nversion')
    assert name
    own, mark, others = rest.partition("[[package")
    spoilt = re.sub(
        r'(sha256(?::| = "))(.)', lambda at: at[1] + ("1" if at[2] == "0" else "0"), own
    )
    assert spoilt != own
    lock.write_text(head + name + spoilt + mark + others)


@pytest.fixture(scope="module", params=FRAMEWORKS)
def project(
    request: pytest.FixtureRequest,
    installed: Installed,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
) -> Project:
    """A project whose owner has committed the lock."""
    path = tmp_path_factory.mktemp(request.param) / "acme-shop"
    made = Project(path, request.param, installed.new(path, framework=request.param))
    _, (export, *_), _ = blocks(path)
    for command in ("uv lock --quiet", export):
        shell(command, path, PATH=f"{Path(uv).parent}:{os.defpath}")
    assert {line[3:] for line in shell("git status --porcelain", path).splitlines()} == {
        "pylock.toml",
        "uv.lock",
    }
    shell("git add . && git commit --quiet -m Lock", path)
    return made


@pytest.mark.parametrize(
    "project", [pytest.param("django", marks=pytest.mark.soak), "flask"], indirect=True
)
def test_a_server_installs_with_pip_what_the_lock_names(project: Project, tmp_path: Path) -> None:
    """Nothing else, such as a tool of development, and it serves.

    The lock is uv's in one framework, and in the other what pip makes without it.
    """
    copy = clone(project, tmp_path / "copy")
    _, (_, *install), alone = blocks(copy)
    if project.framework == FRAMEWORKS[0]:
        alone = []
    else:
        (copy / "uv.lock").unlink()
        (copy / "pylock.toml").unlink()
    environment, _, *steps, serve = project.result["next"]["production"]
    variables = {**project.production, "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3"}
    for command in [environment, *alone, *install, *steps]:
        shell(command, copy, **variables)
    has = packages(copy)
    named = {f"{name}=={version}" for name, version in locked(copy).items()}
    assert {line.split("==")[0] for line in has - named} <= {"pip", "setuptools"}
    assert any(line.startswith("gunicorn==") for line in has & named)
    port = free_port()
    with serving(serve.replace(":8000", f":{port}"), copy, port, **variables):
        assert fetch(f"http://127.0.0.1:{port}/readyz", **AS_PROXY).status == 200


def test_a_changed_hash_is_refused_by_pip_and_by_uv(
    project: Project, tmp_path: Path, uv: str
) -> None:
    copy = clone(project, tmp_path / "copy")
    first = min(locked(copy))
    for lock in ("pylock.toml", "uv.lock"):
        spoil(copy / lock, first)
    run(uv, "venv", "--quiet", "--seed", ".venv", cwd=copy)
    refused = run(
        *(".venv/bin/python", "-m", "pip", "install", "--requirement", "pylock.toml"),
        cwd=copy,
        check=False,
    )
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stdout
    assert first in refused.stdout.split("DO NOT MATCH THE HASHES")[1]
    refused = run(*SYNC.replace("uv", uv, 1).split(), cwd=copy, check=False)
    assert refused.returncode != 0
    assert "Hash mismatch" in refused.stdout
    assert first in refused.stdout


def test_an_old_pylock_fails_the_tests(project: Project, tmp_path: Path) -> None:
    """The test that the project has, which needs nothing of the project's packages."""
    copy = clone(project, tmp_path / "copy")
    test = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--noconftest"]
    test += ["--rootdir", str(copy), "tests/test_lock.py"]
    plain = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    assert "1 passed" in run(*test, cwd=copy, **plain).stdout
    name, version = next((n, v) for n, v in locked(copy).items() if n == "gunicorn")
    for file, old, new in [
        ("uv.lock", f'name = "{name}"\nversion = "{version}"', f'name = "{name}"\nversion = "99"'),
        ("pyproject.toml", '"gunicorn>=', '"gunicorn>=99", "gunicorn>='),
    ]:
        text = (copy / file).read_text()
        assert old in text
        (copy / file).write_text(text.replace(old, new))
        failed = run(*test, cwd=copy, check=False, **plain)
        assert failed.returncode == 1
        assert "make pylock.toml again" in failed.stdout
        assert f"{{'{name}'}}" in failed.stdout
        (copy / file).write_text(text)
    own = tomllib.loads((copy / "pyproject.toml").read_text())["project"]["dependencies"]
    direct = {canonicalize_name(Requirement(text).name) for text in own}
    indirect = min(name for name in locked(copy) if name not in direct)
    text = (copy / "pylock.toml").read_text()
    head, name, rest = text.partition(f'[[packages]]\nname = "{indirect}"\n')
    assert name
    (copy / "pylock.toml").write_text(head + "[[packages]]" + rest.partition("[[packages]]")[2])
    assert f"{{'{indirect}'}}" in run(*test, cwd=copy, check=False, **plain).stdout


@pytest.mark.soak
def test_ci_installs_what_pip_has_locked(project: Project, tmp_path: Path) -> None:
    """The server's packages from the lock, the tools as `pyproject.toml` allows."""
    copy = clone(project, tmp_path / "copy")
    (copy / "uv.lock").unlink()
    (copy / "pylock.toml").unlink()
    run(sys.executable, "-m", "venv", ".venv", cwd=copy)
    *_, alone = blocks(copy)
    for command in alone:
        shell(command, copy)
    text = (copy / ".github/workflows/ci.yml").read_text()
    step = text.split("name: Install")[1].split("run: |\n")[1].split("\n      - ")[0]
    run("bash", "-e", "-c", step, cwd=copy, PATH=f"{copy}/.venv/bin:{os.defpath}")
    assert {f"{name}=={version}" for name, version in locked(copy).items()} <= packages(copy)
    assert "1 passed" in shell(".venv/bin/python -m pytest -q tests/test_lock.py", copy)
    assert "No broken requirements" in shell(".venv/bin/python -m pip check", copy)
