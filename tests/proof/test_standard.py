"""A standard as `stackgen standard init` makes it: proved by `check`, and by its own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run
from template_history import PERSON

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("standard")
    done = run("standard", "init", "acme", cwd=folder, **PERSON)
    assert done.returncode == 0, done.stderr
    return folder / "acme"


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Its time is that of many projects."""
    return subprocess.run(
        [sys.executable, "-m", "stackgen", "standard", "check", str(folder)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_the_example_and_its_own_tests_pass(begun: Path, tmp_path: Path) -> None:
    """One of these tests is `standard check`."""
    program = tmp_path / "stackgen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stackgen "$@"\n')
    program.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "discover", "tests"],
        cwd=begun,
        env={
            **os.environ,
            **PERSON,
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 3 tests" in done.stderr


def test_what_breaks_is_named_once_with_the_project(begun: Path) -> None:
    standard = begun / "standard.toml"
    before = standard.read_text()
    try:
        standard.write_text(
            before
            + '\n[options.database]\nvalue = "sqlite"\nlocked = true\nuntil = 2020-01-01\n'
            + '\n[options.framework]\nvalue = "flask"\nlocked = true\n'
            + '\n[[rules]]\nid = "owner"\nfile = "docs/owner.md"\nexists = true\n'
        )
        (begun / "overlay/common/broken.py.jinja").write_text("{% if api %}def{% endif %}\n")
        (begun / "overlay/flask").mkdir()
        (begun / "overlay/flask/late.txt.jinja").write_text(
            "{% if frontend == 'none' %}{{ nothing }}{% endif %}\n"
        )
        done = check(begun)
    finally:
        standard.write_text(before)
    assert done.returncode == 3
    assert done.stdout.count("`owner`: `docs/owner.md` is not there.") == 1
    assert done.stdout.count("`broken.py` cannot be read: invalid syntax") == 1
    assert done.stdout.count("`flask/late.txt.jinja` of the overlay cannot be rendered") == 1
    assert "with django" not in done.stdout
    assert "database=postgresql" not in done.stdout
    assert "`options.database` was to be looked at again by 2020-01-01" in done.stderr
