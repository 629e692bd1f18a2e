"""Projects of the template verified for real: packages fetched, tests run, a server asked."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command_line import OPTIONS
from newcomer import Installed, clean_environment, run, shell

from stackgen.schemas.commands import output_schema

DJANGO = ("--framework", "django", "--set", "api=true")
FLASK = ("--framework", "flask")
SERVICE = (*FLASK, "--set", "api=true", "--set", "frontend=none", "--set", "database=none")


def call(
    installed: Installed, *words: str, cwd: Path, uv: str | None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Call stackgen with uv on the PATH or without, and see that nothing is left."""
    temporary = cwd / "tmp"
    temporary.mkdir(exist_ok=True)
    places = clean_environment()["PATH"].split(os.pathsep)
    places = [place for place in places if not (Path(place) / "uv").exists()]
    path = os.pathsep.join([str(Path(uv).parent), *places] if uv else places)
    environment = {"TMPDIR": str(temporary), "PATH": path, **variables}
    done = subprocess.run(
        [str(installed.program), *words],
        cwd=cwd,
        env=clean_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert list(temporary.iterdir()) == []
    return done


@pytest.fixture
def only_uv(uv: str, tmp_path: Path) -> str:
    """uv in a folder of its own: beside it there is another Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "uv").symlink_to(uv)
    return str(folder / "uv")


def states(receipt: dict[str, Any], state: str) -> list[str]:
    return [step["name"] for step in receipt["steps"] if step["state"] == state]


def test_a_new_project_comes_with_its_lock_and_its_receipt(
    installed: Installed, tmp_path: Path, only_uv: str
) -> None:
    done = call(installed, "new", "shop", *DJANGO, "--verify", cwd=tmp_path, uv=only_uv)
    assert done.returncode == 0, done.stderr + done.stdout
    path = tmp_path / "shop"
    receipt = json.loads((path / "docs/receipt.json").read_text())
    jsonschema.Draft202012Validator(output_schema("receipt", OPTIONS)).validate(receipt)
    assert states(receipt, "passed") == [step["name"] for step in receipt["steps"]]
    asked = {name for name in states(receipt, "passed") if name.startswith("GET ")}
    assert {"GET /", "GET /livez", "GET /readyz", "GET /ci-admin/login/"} <= asked
    assert "GET /api/v1/openapi.json" in asked
    assert receipt["evidence"]["admin"] == receipt["evidence"]["api"] == "served"

    assert shell("git rev-list --count HEAD", path).strip() == "1"
    assert shell("git status --porcelain", path) == ""
    files = shell("git ls-files", path).split()
    assert {"uv.lock", "docs/receipt.json", "docs/receipt.md"} <= set(files)
    assert "pylock.toml" not in files  # Nobody would make it anew when a bot updates `uv.lock`.
    run(only_uv, "lock", "--check", cwd=path)


@contextmanager
def broken(path: Path, name: str, before: str, after: str) -> Iterator[None]:
    """A file of a project with another text, for as long as the context lasts."""
    file = path / name
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    try:
        yield
    finally:
        file.write_text(text)


def test_what_is_broken_turns_it_red_with_the_command_that_repeats_it(
    installed: Installed, tmp_path: Path, only_uv: str
) -> None:
    """An import, a migration, a template and a test at once; then a dependency."""
    path = tmp_path / "shop"
    call(installed, "new", "shop", *FLASK, cwd=tmp_path, uv=only_uv)
    (path / "tests/test_broken.py").write_text("def test_sum():\n    assert 1 + 1 == 3\n")
    (path / "app/notes/odd.py").write_text("import nowhere\n")
    column = '    colour: Mapped[str] = mapped_column(String(9), default="")\n'
    created = "    created: Mapped[datetime]"
    model = ("app/notes/models.py", created, f"{column}{created}")
    template = ("app/pages/templates/pages/home.html", "{% extends", "{% extend")
    with broken(path, *model), broken(path, *template):
        done = call(installed, "verify", "shop", "--json", cwd=tmp_path, uv=only_uv)
        assert done.returncode == 1
        result = json.loads(done.stdout)
        failed = states(result["receipt"], "failed")
        assert {"Dependencies", "Coverage", "Migrations are complete", "GET /"} <= set(failed)
        (coverage,) = (s for s in result["receipt"]["steps"] if s["name"] == "Coverage")
        assert "test_broken.py" in coverage["detail"]
        assert result["repeat"][-1] in result["error"]
        environment = {"PATH": f"{Path(only_uv).parent}{os.pathsep}{clean_environment()['PATH']}"}
        for command in result["repeat"][:-1]:
            shell(command, path, **environment)
        again = run("sh", "-c", result["repeat"][-1], cwd=path, check=False, **environment)
        assert again.returncode != 0
    run("git", "clean", "-qfdx", "--exclude=.env", cwd=path)

    with broken(
        path, "pyproject.toml", "dependencies = [\n", 'dependencies = [\n    "flask>=99",\n'
    ):
        done = call(installed, "verify", "shop", "--json", cwd=tmp_path, uv=only_uv)
    result = json.loads(done.stdout)
    assert (done.returncode, states(result["receipt"], "failed")) == (1, ["Lock"])
    assert "flask>=99" in result["receipt"]["steps"][0]["detail"]
    assert not states(result["receipt"], "passed")


def test_with_pip_alone_it_is_verified_too_and_its_receipt_written(
    installed: Installed, tmp_path: Path
) -> None:
    """Also without git, by the example of the help; a broken index is one line."""
    call(installed, "new", "shop", *SERVICE, "--no-git", cwd=tmp_path, uv=None)
    path = tmp_path / "shop"
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    closed = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }  # fmt: skip
    done = call(installed, "verify", "shop", "--write", "--quiet", cwd=tmp_path, uv=None, **closed)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "The package index cannot be reached" in line
    assert {file: file.read_bytes() for file in path.rglob("*") if file.is_file()} == before

    done = call(installed, "verify", "shop", "--write", cwd=tmp_path, uv=None)
    assert done.returncode == 0, done.stderr + done.stdout
    after = {file for file in path.rglob("*") if file.is_file()}
    assert {file.name for file in after - set(before)} == {"receipt.json", "receipt.md"}
    receipt = json.loads((path / "docs/receipt.json").read_text())
    assert receipt["steps"][0]["command"] == "python3 -m venv .venv"
    assert any("no uv" in sentence for sentence in receipt["not_checked"])
