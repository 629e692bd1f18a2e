"""Generated projects, installed and running: what the proof suite works on."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from later_commit import make_upstream
from newcomer import FRAMEWORKS, ROOT, Installed, Project, run
from rendering import one_at_a_time

from stackgen.template.clone import find_clone

collect_ignore = ["weeks"]
"""What the developers of `test_week_*.py` write is for their projects."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder is part of the proof suite, but for what takes an hour."""
    for item in items:
        in_folder = Path(__file__).parent in item.path.parents
        if in_folder and not item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.proof)


@pytest.fixture(scope="session", autouse=True)
def _libraries_are_typed_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let mypy know from one project to the next what it found in their libraries.

    It goes by what the files hold, wherever they are; most of its time is theirs. Each process of
    this run has a cache of its own: two projects have modules of the same names, and a mypy that
    reads what another is writing takes the one project's module for the other's.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYPY_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "mypy"))
        yield


@pytest.fixture(scope="session")
def installed(shared_folder: Path, uv: str) -> Installed:
    """A wheel built from this checkout, installed into an environment of its own."""
    folder = shared_folder / "installed"
    folder.mkdir(exist_ok=True)
    program = folder / "venv" / "bin" / "stackgen"
    with one_at_a_time(folder):
        if not program.exists():
            build = (sys.executable, "-m", "build", "--wheel")
            run(*build, "--outdir", str(folder), str(ROOT), cwd=folder)
            (wheel,) = folder.glob("*.whl")
            run(uv, "venv", "--quiet", "--python", sys.executable, "venv", cwd=folder)
            run(uv, "pip", "install", "--quiet", "--python", "venv", str(wheel), cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return Installed(program, wheel)


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of stackgen's whose last commit brings something new to every project."""
    clone = find_clone(ROOT)
    if clone is None or clone.is_shallow:
        pytest.skip("needs a whole clone")
    return make_upstream(tmp_path_factory.mktemp("upstream") / "stackgen")


@pytest.fixture(scope="session")
def uv() -> str:
    found = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    assert found, "uv comes with the test extra"
    return found


@pytest.fixture(scope="session", params=FRAMEWORKS)
def project(
    request: pytest.FixtureRequest,
    installed: Installed,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
) -> Project:
    """A default project with its tools; that its README's own commands install it is in
    `test_projects.py`.
    """
    path = tmp_path_factory.mktemp(request.param) / "acme-shop"
    made = Project(path, request.param, installed.new(path, framework=request.param))
    run(uv, "venv", "--quiet", "--seed", ".venv", cwd=path)
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "-e", ".[dev]", cwd=path)
    return made
