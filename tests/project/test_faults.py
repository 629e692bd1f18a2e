"""A new project that is cut short: it is there whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from killing import kill_everywhere, signal_everywhere

NEW = ("new", "PROJECT", "--framework", "flask", "--quiet")
NEXT = ("new", "PROJECT-next", "--framework", "flask", "--quiet", "--no-git")


@pytest.mark.parametrize(
    "every", [pytest.param(5, marks=pytest.mark.proof), pytest.param(1, marks=pytest.mark.soak)]
)
def test_killed_at_any_step(tmp_path: Path, every: int) -> None:
    """Whatever was left, the next project that is made beside it clears away."""
    told = kill_everywhere(
        tmp_path / "none", tmp_path / "kills", *NEW, every=every, next_command=NEXT
    )
    assert told["code"] == 0
    assert {found["killed"] for found in told["found"]} >= {"before"}
    for found in told["found"]:
        assert found["killed"] in {"before", "after"}, found
        assert (found["next_run"], found["next_code"]) == (found["killed"], 0), found
        assert found["strays"] == [], found


@pytest.mark.parametrize(
    "every", [pytest.param(7, marks=pytest.mark.proof), pytest.param(1, marks=pytest.mark.soak)]
)
def test_what_is_said_of_an_interruption_is_true(tmp_path: Path, every: int) -> None:
    told = signal_everywhere(tmp_path / "none", tmp_path / "signals", 15, *NEW, every=every)
    for found in told["found"]:
        if found["state"] == "before":
            assert found["code"] == 130, found
            assert "Interrupted. Nothing was left behind." in found["said"]
        else:
            assert (found["state"], found["code"]) == ("after", 0), found
        assert found["strays"] == [], found
