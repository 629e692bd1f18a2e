"""Completion in real shells, or as they call it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run, run_here

from stackgen.cli.completion import SHELLS

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
@pytest.mark.proof
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


MARKS = {
    "bash": "complete -o default -F _stackgen_completion stackgen",
    "zsh": "#compdef stackgen",
    "fish": "complete --command stackgen",
    "powershell": "Register-ArgumentCompleter -Native -CommandName stackgen",
    "pwsh": "Register-ArgumentCompleter -Native -CommandName stackgen",
}


def test_every_shell_has_a_mark() -> None:
    assert tuple(MARKS) == SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_that_is_named_counts(tmp_path: Path, shell: str) -> None:
    """Whatever the shell is in which it is typed, and wherever the word stands."""
    for words in (["--show-completion", shell], [f"--show-completion={shell}"]):
        done = run(*words, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert {mark for mark in MARKS.values() if mark in done.stdout} == {MARKS[shell]}


@pytest.mark.parametrize(
    ("shell", "places"),
    [
        ("bash", {".bashrc", ".bash_completions/stackgen.sh"}),
        ("zsh", {".zshrc", ".zfunc/_stackgen"}),
        ("fish", {".config/fish/completions/stackgen.fish"}),
    ],
)
def test_it_is_installed_for_the_shell_that_is_named(
    tmp_path: Path, shell: str, places: set[str]
) -> None:
    done = run("--install-completion", shell, cwd=tmp_path, HOME=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Completion for {shell} is installed in {tmp_path}/" in done.stdout
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == places


def test_powershell_is_asked_for_its_profile(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    pwsh = programs / "pwsh"
    pwsh.write_text(f'#!/bin/sh\ncase "$*" in *profile*) echo "{tmp_path}/profile.ps1";; esac\n')
    pwsh.chmod(0o755)
    done = run("--install-completion", "pwsh", cwd=tmp_path, PATH=str(programs))
    assert (done.returncode, done.stderr) == (0, "")
    assert MARKS["pwsh"] in (tmp_path / "profile.ps1").read_text()
    pwsh.unlink()
    done = run("--install-completion", "pwsh", cwd=tmp_path, PATH=str(programs))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "`pwsh` is not on PATH" in done.stderr


def test_what_cannot_be_installed_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".bashrc").mkdir()
    done = run("--install-completion", "bash", cwd=tmp_path, HOME=str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "`--show-completion bash` prints it." in done.stderr
    (tmp_path / ".bashrc").rmdir()
    (tmp_path / ".bashrc").write_bytes(b"# Andr\xe9\n")
    done = run("--install-completion", "bash", cwd=tmp_path, HOME=str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert (tmp_path / ".bashrc").read_bytes() == b"# Andr\xe9\n"


@pytest.mark.parametrize("flag", ["--show-completion", "--install-completion"])
def test_a_shell_that_is_none_is_refused(tmp_path: Path, flag: str) -> None:
    done = run(flag, "ksh", cwd=tmp_path, HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "stackgen: There is no completion for the shell `ksh`. Choose one of: "
        f"{', '.join(SHELLS)}.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_without_a_name_it_is_the_shell_in_which_it_is_typed(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{STACKGEN} --show-completion; :"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert MARKS["bash"] in done.stdout


def test_where_nobody_can_tell_the_shell_its_name_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: None)
    done = run_here(capsys)("--show-completion")
    assert done.returncode == 2
    assert "cannot tell which shell you use. Name one of: bash, zsh" in done.stderr


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
