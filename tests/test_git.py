"""Calls of git that fail are told as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackgen import git
from stackgen.errors import RenderError


def test_a_missing_directory_is_not_a_missing_git(tmp_path: Path) -> None:
    place = tmp_path / "gone"
    with pytest.raises(RenderError, match=f"^`{place}` cannot be entered: No such file or dir"):
        git.run("status", cwd=place)


def test_a_missing_git_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RenderError, match=r"^git cannot be run: it is not on `PATH`\. Ins"):
        git.run("status", cwd=tmp_path)
