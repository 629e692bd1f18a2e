"""The example of a project can be removed as its README says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from newcomer import Project, clone, fetch, free_port, run, serving, shell
from test_projects import readme_commands

# What the paragraph says to do first where the migrations were run.
MIGRATE = {
    "django": ".venv/bin/python manage.py migrate",
    "flask": ".venv/bin/flask db upgrade",
}


def paragraph(project: Path) -> str:
    """The README's paragraph on removing the example, on one line."""
    text = (project / "README.md").read_text()
    (found,) = re.findall(r"(?ms)^To remove the example: .*?(?=\n\n)", text)
    return " ".join(found.split())


def remove_example(project: Path) -> None:
    """Do what the paragraph says, and nothing else."""
    deletions, mentions, *_ = re.split(r", and the |\. ", paragraph(project))
    for path in re.findall(r"`([^`]+)`", deletions):
        if path.endswith("/"):
            shutil.rmtree(project / path)
        else:
            (project / path).unlink()
    for path in re.findall(r"`([^`]+)`", mentions):
        drop_mentions(project / path)


def drop_mentions(path: Path) -> None:
    """Drop the lines that name the example; there is one, or one to import and one to use it."""
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not re.search(r"\b(test_)?notes\b", line)]
    assert len(lines) - len(kept) in {1, 2}, f"{path} names the example elsewhere"
    path.write_text("".join(kept))


@pytest.fixture
def copy(project: Project, tmp_path: Path) -> Path:
    folder = clone(project, tmp_path / "copy")
    (folder / ".venv").symlink_to(project.path / ".venv")
    return folder


def check(copy: Path) -> None:
    """Run every check of the README, and hold that none of them is missing."""
    commands = readme_commands(copy, "Check it")
    tools = ("pytest", "ruff check", "ruff format", "mypy", "djangofmt", "deptry")
    assert all(any(tool in command for command in commands) for tool in tools)
    for command in commands:
        shell(command, copy)


@pytest.mark.parametrize(
    # Django's goes in its week, with all that is around it.
    "project",
    [pytest.param("django", marks=pytest.mark.soak), "flask"],
    indirect=True,
)
def test_the_example_goes_as_the_readme_says(project: Project, copy: Path) -> None:
    shell(MIGRATE[project.framework], copy)
    (back,) = re.findall(r"before, `([^`]+)` comes first", paragraph(copy))
    shell(back, copy)
    remove_example(copy)
    shell(".venv/bin/python -m ruff format .", copy)
    check(copy)
    named = run("git", "grep", "--untracked", "-lwi", "notes", "--", "*.py", "*.toml", "*.html",
                cwd=copy, check=False).stdout.split()  # fmt: skip
    assert named == []
    port = free_port()
    option = f"--port {port}" if project.framework == "flask" else str(port)
    with serving(f"{project.result['next']['run'][-1]} {option}", copy, port):
        page = fetch(f"http://127.0.0.1:{port}/")
        assert page.status == 200
        assert "/notes/" not in page.body
        assert fetch(f"http://127.0.0.1:{port}/notes/").status in {302, 404}
        assert fetch(f"http://127.0.0.1:{port}/readyz").status == 200
