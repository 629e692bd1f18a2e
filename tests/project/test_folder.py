"""Folders that a person names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stackgen.errors import ProjectError
from stackgen.project.folder import LONGEST_SHOWN, absolute, find_folder, is_folder, unreachable

LONG = "x" * 300


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path


def test_a_folder_is_found_without_its_links(here: Path) -> None:
    assert find_folder(Path("folder")) == find_folder(Path("link")) == here / "folder"


@pytest.mark.parametrize("path", ["file", "none", "none/x", "file/x"])
def test_what_is_no_folder_is_named(here: Path, path: str) -> None:
    assert not is_folder(Path(path))
    assert unreachable(Path(path)) == ""
    with pytest.raises(ProjectError) as caught:
        find_folder(Path(path), "Name another.")
    assert str(caught.value) == f"`{here / path}` is not a directory. Name another."


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (LONG, "it is too long, or a name in it is"),
        (f"{LONG}/x", "it is too long, or a name in it is"),
        ("x/" * 3000, "it is too long, or a name in it is"),
        ("loop", "its symbolic links form a loop"),
        ("loop/x", "its symbolic links form a loop"),
        ("a\0b", "it holds a character that no path may hold"),
        ("a\ud800b", "it holds a character that no path may hold"),
    ],
    ids=["name", "part", "path", "loop", "below", "null", "surrogate"],
)
def test_what_cannot_be_looked_up_is_told_in_one_line(path: str, reason: str) -> None:
    assert not is_folder(Path(path))
    with pytest.raises(ProjectError) as caught:
        find_folder(Path(path))
    message = str(caught.value)
    assert message.endswith(f" cannot be reached: {reason}. Name the directory of a project.")
    assert message.isprintable()
    assert len(message) < LONGEST_SHOWN + 120


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_what_may_not_be_entered(here: Path) -> None:
    (here / "folder/in").mkdir()
    (here / "folder").chmod(0o600)
    try:
        assert unreachable(Path("folder")) == "it may not be entered"
        assert unreachable(Path("folder/in")) == "a folder above it may not be entered"
    finally:
        (here / "folder").chmod(0o700)


def test_a_current_directory_that_is_gone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "folder")
    (here / "folder").rmdir()
    assert absolute(Path("x")) == Path("x")
    with pytest.raises(ProjectError, match="current directory does not exist any more"):
        find_folder(Path())
