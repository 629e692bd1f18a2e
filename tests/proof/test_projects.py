"""A generated project does what its README says: it installs, tests, checks, runs and serves."""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

import pytest
from newcomer import (
    DEV_PORT,
    FRAMEWORKS,
    Installed,
    Project,
    clone,
    fetch,
    newer_python,
    run,
    serving,
    shell,
)


@pytest.fixture(scope="module", params=FRAMEWORKS)
def project(
    request: pytest.FixtureRequest, installed: Installed, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """A default project, installed by its own commands, word for word."""
    folder = tmp_path_factory.mktemp(request.param)
    result = installed.new(folder / "acme-shop", framework=request.param)
    made = Project(folder / "acme-shop", request.param, result)
    for command in result["next"]["test"][:-1]:
        shell(command, made.path)
    return made


def readme_commands(project: Path, heading: str) -> list[str]:
    """The lines of the shell blocks below a heading of the project's README."""
    text = (project / "README.md").read_text()
    section = re.search(rf"(?ms)^## {heading}\n(.*?)(?=^## |\Z)", text)
    assert section, f"README has no section {heading}"
    blocks = re.findall(r"(?ms)^```(?:shell|console|sh)\n(.*?)^```", section[1])
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_its_tests_pass_and_are_many(project: Project, tmp_path: Path) -> None:
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    said = shell(project.result["next"]["test"][-1], copy)
    assert not (copy / ".env").exists(), "tests need no .env"
    passed = re.search(r"(\d+) passed", said)
    assert passed, said
    assert int(passed[1]) >= 30
    assert "skipped" not in said.splitlines()[-1] or "postgresql" in said.lower()


def test_the_commands_of_the_readme_are_those_of_the_json(project: Project) -> None:
    commands = project.result["next"]
    said = readme_commands(project.path, "Run it") + readme_commands(project.path, "Check it")
    for command in [*commands["run"], commands["test"][-1]]:
        assert command in "\n".join(said)
    server = "\n".join(readme_commands(project.path, "Put it on a server"))
    for command in commands["production"]:
        assert command in server


def test_its_types_are_strict_where_the_developer_need_not_be(project: Project) -> None:
    """README names the line that makes the project's own configuration as strict."""
    shell(".venv/bin/python -m mypy --strict", project.path)


def test_what_the_template_answers_for(project: Project) -> None:
    """Tests of its machinery, which are no business of the project's owner."""
    sources = list(Path(__file__).with_name("within").glob(f"{project.framework}_*.py"))
    if not sources:
        pytest.skip("its own tests have all")
    copies = [project.path / "tests" / f"test_within_{source.name}" for source in sources]
    for source, copy in zip(sources, copies, strict=True):
        shutil.copy(source, copy)
    try:
        assert "passed" in shell(".venv/bin/python -m pytest -q tests/test_within_*", project.path)
    finally:
        for copy in copies:
            copy.unlink()


def test_its_development_server_shows_the_front_page(project: Project) -> None:
    with serving(project.result["next"]["run"][-1], project.path, DEV_PORT):
        page = fetch(f"http://127.0.0.1:{DEV_PORT}/")
        assert page.status == 200
        assert "Acme shop" in page.body
        for link in re.findall(r'(?:href|src)="(/[^"]*)"', page.body):
            assert fetch(f"http://127.0.0.1:{DEV_PORT}{link}").status in {200, 302, 303}, link
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/none").status == 404
    assert stat.S_IMODE((project.path / ".env").stat().st_mode) == 0o600


def test_a_colleague_without_an_env_file_is_served_too(project: Project, tmp_path: Path) -> None:
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    with serving(project.result["next"]["run"][-1], copy, DEV_PORT):
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/").status == 200
    made = copy / ".env"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert made.read_text() != (project.path / ".env").read_text()
    assert ".env" not in shell("git status --porcelain --untracked-files=all", copy)


def test_an_env_file_copied_from_the_example_is_filled(project: Project, tmp_path: Path) -> None:
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    shell("cp .env.example .env", copy)
    with serving(project.result["next"]["run"][-1], copy, DEV_PORT):
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/").status == 200
    assert re.search(r"(?m)^SECRET_KEY=\S{50,}$", (copy / ".env").read_text())


def test_everything_can_be_added_to_git(project: Project, tmp_path: Path) -> None:
    """After running, nothing that is secret or made is left for `git add -A` to take."""
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    with serving(project.result["next"]["run"][-1], copy, DEV_PORT):
        fetch(f"http://127.0.0.1:{DEV_PORT}/")
    (copy / f"server-{DEV_PORT}.log").unlink()
    (copy / ".venv").unlink()
    assert shell("git status --porcelain --untracked-files=all", copy) == ""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_uv_needs_one_command(
    installed: Installed, framework: str, tmp_path: Path, uv: str
) -> None:
    path = tmp_path / "acme-shop"
    result = installed.new(path, framework=framework)
    command = result["next"]["run"][-1].replace(".venv/bin/python ", "").replace(".venv/bin/", "")
    with serving(f"{uv} run {command}", path, DEV_PORT):
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/").status == 200
    assert "passed" in run(uv, "run", "pytest", "tests/test_settings.py", cwd=path).stdout


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_lowest_allowed_versions_will_do(
    installed: Installed, framework: str, tmp_path: Path, uv: str
) -> None:
    path = tmp_path / "acme-shop"
    result = installed.new(path, framework=framework)
    run(uv, "venv", "--quiet", ".venv", cwd=path)
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "--resolution", "lowest-direct",
        "-e", ".[dev]", cwd=path)  # fmt: skip
    assert "passed" in shell(result["next"]["test"][-1], path)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_newer_python_and_a_newer_framework_will_do(
    installed: Installed, framework: str, tmp_path: Path, uv: str
) -> None:
    if not (python := newer_python()):
        pytest.skip("no Python 3.12 or later on this machine")
    path = tmp_path / "acme-shop"
    result = installed.new(path, framework=framework)
    run(uv, "venv", "--quiet", "--python", python, ".venv", cwd=path)
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "-e", ".[dev]", cwd=path)
    if framework == "django":
        run(uv, "pip", "install", "--quiet", "--python", ".venv", "django>=6.1,<6.2", cwd=path)
        check = (
            "manage.py check --deploy --fail-level WARNING --settings config.settings.production"
        )
        variables = Project(path, framework, result).production
        for step in result["next"]["production"][2:-1]:
            shell(step, path, **variables)
        shell(f".venv/bin/python {check}", path, **variables)
    assert "passed" in shell(result["next"]["test"][-1], path)


ODD_TEXTS = [
    "--set=license=mpl-2.0",
    '--set=description="Quoted" & <odd> {{ 7*7 }} \\ é 🦄',
    '--set=author_name=O\'Hara "Bob" <b>',
]


def test_its_checks_are_clean_with_odd_texts(
    project: Project, installed: Installed, tmp_path: Path
) -> None:
    """As the README has them; what options do to each other's is in `test_combinations.py`.

    Those of plain texts are run by `test_pipelines.py`.
    """
    path = tmp_path / "acme-shop"
    installed.new(path, *ODD_TEXTS, framework=project.framework)
    (path / ".venv").symlink_to(project.path / ".venv")
    for command in readme_commands(path, "Check it"):
        shell(command, path)
    (path / ".venv").unlink()
    assert shell("git status --porcelain", path) == "", "a check changed a file"
