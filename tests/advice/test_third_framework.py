"""Two frameworks are compared. Data that names others is refused where it is loaded, in one line.

Each case is a copy of the program and its data with one thing changed, run as people run it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

COPIER, QUESTIONS = "copier.yml", "src/stackgen/advice/questions.toml"

Change = Callable[[Path], object]


def replace(name: str, old: str, new: str) -> Change:
    def change(copy: Path) -> None:
        text = (copy / name).read_text("utf-8")
        assert old in text
        (copy / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def remove(name: str) -> Change:
    def change(copy: Path) -> None:
        path = copy / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def every(*changes: Change) -> Change:
    def change(copy: Path) -> None:
        for each in changes:
            each(copy)

    return change


def add_folder(copy: Path) -> None:
    shutil.copytree(copy / "templates/flask", copy / "templates/fastapi")


CHOICE = replace(COPIER, "choice): flask\n", "choice): flask\n    FastAPI: fastapi\n")
FLASK_CHOICE = "    Flask (small core, parts of your choice): flask\n"
NAME = replace(QUESTIONS, 'flask = "Flask"\n', 'flask = "Flask"\nfastapi = "FastAPI"\n')
THREE = (
    "The questionnaire `questions.toml` is malformed: `[frameworks]` names 3 (django, flask, "
    "fastapi), and the score compares two: name two. Install stackgen again."
)

CASES = {
    "a choice without a name": (
        every(CHOICE, add_folder),
        (
            "The questionnaire `questions.toml` does not fit the template: `copier.yml` offers the "
            "framework `fastapi`, which has no name under `[frameworks]`. Two are compared. "
            "Install stackgen again."
        ),
    ),
    "three in both": (
        every(CHOICE, add_folder, NAME),
        THREE,
    ),
    "a name without a choice": (
        replace(COPIER, FLASK_CHOICE, ""),
        (
            "The questionnaire `questions.toml` does not fit the template: `[frameworks]` names "
            "`flask`, which is not a choice of `framework` in `copier.yml`. Install stackgen again."
        ),
    ),
    "a name too many": (
        NAME,
        THREE,
    ),
    "a name too few": (
        replace(QUESTIONS, 'flask = "Flask"\n', ""),
        (
            "The questionnaire `questions.toml` is malformed: `[frameworks]` names 1 (django), and "
            "the score compares two: name two. Install stackgen again."
        ),
    ),
    "points for one that is none of them": (
        replace(QUESTIONS, "points.flask = 3", "points.fastapi = 3"),
        (
            "The questionnaire `questions.toml` is malformed: question `scope`, choice `one-job`: "
            "there is no framework `fastapi`. There are: django, flask. Install stackgen again."
        ),
    ),
    "a framework without a folder": (
        remove("templates/flask"),
        (
            "`COPY/copier.yml` offers the framework `flask`, but there is no folder "
            "`templates/flask`. Install stackgen again."
        ),
    ),
    "a framework without its commands": (
        remove("templates/shared/commands-flask.yml"),
        (
            "`COPY/copier.yml` offers the framework `flask`, but `copier.yml` includes "
            "`templates/shared/commands-flask.yml`: it is missing. Install stackgen again."
        ),
    ),
    "a framework without a partial of another": (
        remove("templates/shared/decision-signs-django.md"),
        (
            "`COPY/copier.yml` offers the framework `django`, but `templates/shared/decision.md` "
            "includes `templates/shared/decision-signs-django.md`: it is missing. "
            "Install stackgen again."
        ),
    ),
    "a default that is no choice": (
        replace(COPIER, "default: django\n", "default: fastapi\n"),
        (
            "`COPY/copier.yml` is malformed: the default of `framework` is none of its choices. "
            "Install stackgen again."
        ),
    ),
    "an answer that implies no option": (
        replace(QUESTIONS, "implies.accounts = true", "implies.acounts = true"),
        (
            "The questionnaire `questions.toml` does not fit the template: question `accounts`, "
            "choice `own-users`, implies: There is no option `acounts`. Did you mean `accounts`? "
            "Install stackgen again."
        ),
    ),
}

COMMANDS = [
    ["new", "shop", "--framework", "flask", "--no-git"],
    ["new", "shop", "--answer", "scope=one-job", "--defaults"],
    ["recommend", "--answer", "scope=one-job"],
    ["compare"],
    ["questions"],
]
LINES = ["new x --framework ", "new x --answer sc", "new x --set ci=", "new "]

# What each command, and a Tab behind each line, writes to stdout and stderr.
SCRIPT = """
import contextlib, io, json, os, sys
from stackgen.cli.app import run

def call(words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try: code = run(words)
        except SystemExit as ended: code = ended.code
    return code, out.getvalue(), err.getvalue()

commands, lines = json.load(sys.stdin)
said = [call(words) for words in commands]
os.environ.update(_STACKGEN_COMPLETE="complete_fish", _TYPER_COMPLETE_FISH_ACTION="get-args")
for line in lines:
    os.environ["_TYPER_COMPLETE_ARGS"] = f"stackgen {line}"
    said.append(call([]))
print(json.dumps(said))
"""


@pytest.fixture
def changed(program: Path, tmp_path: Path) -> Callable[[Change], Path]:
    def make(change: Change) -> Path:
        copy = Path(shutil.copytree(program, tmp_path / "copy"))
        change(copy)
        (tmp_path / "work").mkdir()
        return copy

    return make


def environment(copy: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(copy / "src"), **more}


def outputs(copy: Path) -> tuple[list[list[Any]], list[list[Any]]]:
    """Exit code, stdout and stderr of each command, and of each completion."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=copy.parent / "work",
        env=environment(copy),
        input=json.dumps([COMMANDS, LINES]),
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    return said[: len(COMMANDS)], said[len(COMMANDS) :]


@pytest.mark.proof
def test_the_copy_works_as_it_is(changed: Callable[[Change], Path]) -> None:
    commands, completed = outputs(changed(lambda _: None))
    assert [code for code, *_ in commands] == [0, 2, 0, 0, 0]  # the second one finds `shop` there
    assert [out.split() for _, out, _ in completed][:3] == [
        ["django", "flask"],
        ["scope=one-job", "scope=several-features", "scope=many-modules"],
        ["ci=github", "ci=gitlab", "ci=none"],
    ]


@pytest.mark.parametrize("case", CASES)
def test_data_that_does_not_fit_is_one_line(changed: Callable[[Change], Path], case: str) -> None:
    change, message = CASES[case]
    copy = changed(change)
    commands, completed = outputs(copy)
    expected = f"stackgen: {message.replace('COPY', str(copy))}\n"
    assert commands == [[1, "", expected]] * len(COMMANDS)
    assert all((code, err) == (0, "") for code, _, err in completed)
    assert list((copy.parent / "work").iterdir()) == []


def test_the_interview_does_not_begin(changed: Callable[[Change], Path]) -> None:
    copy = changed(every(CHOICE, add_folder))
    child = pexpect.spawn(
        sys.executable,
        ["-m", "stackgen", "new", "shop"],
        cwd=str(copy.parent / "work"),
        env=environment(copy, TERM="xterm"),
        encoding="utf-8",
        dimensions=(40, 300),
        timeout=20,
    )
    child.expect(re.escape("offers the framework `fastapi`, which has no name"))
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
