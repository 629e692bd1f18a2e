"""The pictures in README.md are what the program shows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

PICTURES = Path(__file__).parents[2] / "docs/pictures"


@pytest.mark.proof
def test_the_pictures_of_the_interview_are_current() -> None:
    spec = importlib.util.spec_from_file_location("interview", PICTURES / "interview.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for name, picture in script.pictures().items():
        kept = (PICTURES / name).read_text(encoding="utf-8")
        assert picture == kept, f"run `python docs/pictures/interview.py`, and look at {name}"


def test_the_readme_shows_every_picture() -> None:
    readme = (PICTURES.parents[1] / "README.md").read_text(encoding="utf-8")
    for path in (*PICTURES.glob("*.svg"), *PICTURES.glob("*.png")):
        assert f"(docs/pictures/{path.name})" in readme
        assert path.stat().st_size < 100_000
