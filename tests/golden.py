"""Compares what is shown to people with files that a reviewer can read."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_matches(name: str, text: str) -> None:
    """Compare with the file of that name; `UPDATE_SNAPSHOTS=1` writes it instead."""
    path = FOLDER / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"{path} is missing: run again with UPDATE_SNAPSHOTS=1 and read it."
    assert text == path.read_text(encoding="utf-8")
