"""Completion in real shells, or as they call it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STACKGEN = f"{sys.executable} -m stackgen"


@pytest.fixture
def bash(tmp_path: Path):
    """Press Tab in bash: its own words, the function it is told to call, its own replies."""
    program = tmp_path / "stackgen"
    program.write_text(f'#!/bin/sh\nexec {STACKGEN} "$@"\n')
    program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    shown = subprocess.run(
        [sys.executable, "-m", "stackgen", "--show-completion", "bash"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    def complete(*words: str) -> list[str]:
        script = (
            f"{shown}\nCOMP_WORDS=({' '.join(map(repr, words))}); COMP_CWORD={len(words) - 1}\n"
            "_stackgen_completion stackgen\n"
            'printf "%s\\n" "${COMPREPLY[@]}"\n'
        )
        done = subprocess.run(
            ["bash", "--norc", "-c", script],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    return complete


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_what_stands_behind_the_equals_sign(bash) -> None:
    start = ("stackgen", "new", "shop", "--answer")
    assert bash(*start, "sc") == [
        "scope=one-job",
        "scope=several-features",
        "scope=many-modules",
    ]
    assert bash(*start, "scope", "=") == ["one-job", "several-features", "many-modules"]
    assert bash(*start, "scope", "=", "on") == ["one-job"]
    assert bash(*start, "scope", "=", "one-job", "--set", "database", "=", "p") == ["postgresql"]
    assert bash(*start, "nothing", "=", "x") == []
    assert bash("stackgen", "new", "shop", "--framework", "=", "f") == ["flask"]
    assert bash("stackgen", "new", "shop", "--fra") == ["--framework"]


def test_other_shells_complete_the_whole_word() -> None:
    def fish(line: str) -> list[str]:
        called = {
            "_STACKGEN_COMPLETE": "complete_fish",
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
        done = subprocess.run(
            [sys.executable, "-m", "stackgen"],
            env={**os.environ, **called},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.split()

    assert fish("stackgen new shop --framework ") == ["django", "flask"]
    assert fish("stackgen recommend --answer scope=m") == ["scope=many-modules"]
    assert {"database=sqlite", "license=mit"} <= set(fish("stackgen update --set "))
    assert fish("stackgen new shop --set ci=git") == ["ci=github", "ci=gitlab"]
    assert fish("stackgen new shop --set description=") == []
    assert fish("stackgen schema u") == ["update"]
