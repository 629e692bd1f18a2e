"""Which way a project is installed, by the programs and the locks that are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from option_matrix import OPTIONS, PLAIN

from stackgen.template.verification import Verification
from stackgen.verification.planning import plan
from stackgen.verification.python import Python

PIP_LOCK = ["Environment", "A pip that reads locks", "Locked versions", "Install"]


def of(framework: str, **options: str) -> Verification:
    values = OPTIONS.resolve({"framework": framework, **options}, defaults=PLAIN).values
    found = OPTIONS.verification(values)
    assert found
    return found


@pytest.fixture(params=OPTIONS.frameworks)
def verification(request: pytest.FixtureRequest) -> Verification:
    return of(request.param)


@pytest.mark.parametrize(
    ("has_uv", "locks", "steps"),
    [
        (True, [], ["Lock", "Install"]),
        (True, ["uv.lock"], ["Install"]),
        (True, ["pylock.toml"], PIP_LOCK),
        (True, ["pylock.toml", "uv.lock"], ["Install"]),
        (False, [], ["Environment", "Install"]),
        (False, ["uv.lock"], ["Environment", "Install"]),
        (False, ["pylock.toml"], PIP_LOCK),
        (False, ["pylock.toml", "uv.lock"], PIP_LOCK),
    ],
)
def test_the_lock_of_a_project_is_what_is_installed(
    verification: Verification,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    has_uv: bool,
    locks: list[str],
    steps: list[str],
) -> None:
    """Never another lock beside it, whose versions nobody chose."""
    programs, project = tmp_path / "bin", tmp_path / "shop"
    programs.mkdir()
    project.mkdir()
    if has_uv:
        (programs / "uv").write_text("#!/bin/sh\n")
        (programs / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    for name in locks:
        (project / name).write_text("")
    planned = plan(verification, Python("/usr/bin/python3", "3.11.7"), project)
    assert [step.name for step in planned.of("install")] == steps
    assert {step.writes for step in planned.steps} - {""} <= {"uv.lock"}


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_every_way_ends_with_the_packages_of_a_front_end(framework: str) -> None:
    """They need a network, as all that is installed; what checks them needs none."""
    verification = of(framework, frontend="react")
    ends = {installer.steps[-1].run for installer in verification.installers}
    (packages,) = ends
    assert packages.endswith("npm ci")
    runs = [check.run for check in verification.checks]
    assert packages not in runs
    for script in ("lint", "type-check", "types -- --check", "test", "build"):
        assert any(run.endswith(f"npm run {script}") for run in runs), script
