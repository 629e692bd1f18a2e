"""Small projects, one a test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_verification import Small, make_program


@pytest.fixture
def small(program: Path, tmp_path: Path) -> Small:
    """The program with a template whose projects are verified in seconds; nothing is made yet."""
    (tmp_path / "work").mkdir()
    return Small(make_program(program, tmp_path), tmp_path / "work")


@pytest.fixture(scope="session")
def once(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was made without a word on verification."""
    folder = tmp_path_factory.mktemp("once")
    (folder / "work").mkdir()
    small = Small(make_program(program, folder), folder / "work")
    assert small.new("--quiet").returncode == 0
    return small.project


@pytest.fixture
def made(small: Small, once: Path) -> Small:
    """The same program, and a copy of that project."""
    shutil.copytree(once, small.project, symlinks=True)
    return small
