"""Help is honest: whole summaries, no types of Python, and examples that work as printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run
from template_history import PERSON

from stackgen.advice.loading import load_questionnaire
from stackgen.cli.app import app

COMMANDS = {
    command.name: command.callback.__doc__.splitlines()[0] for command in app.registered_commands
}
ANSWERS = "answers: {scope: one-job}\noptions: {framework: flask}\n"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("help")
    words = [[], *([name] for name in COMMANDS)]
    return {" ".join(each): run(*each, "--help", cwd=folder, COLUMNS="80").stdout for each in words}


def test_every_summary_is_whole(shown: dict[str, str], tmp_path: Path) -> None:
    for text in (shown[""], run("--help", cwd=tmp_path, COLUMNS="40").stdout):
        assert "..." not in text.partition("Commands:")[2]
        folded = " ".join(text.split())
        for name, summary in COMMANDS.items():
            assert f"{name} {summary}" in folded


def test_no_help_is_wider_than_the_terminal_or_shows_a_type_of_python(
    shown: dict[str, str],
) -> None:
    for name, text in shown.items():
        assert [line for line in text.splitlines() if len(line) > 80] == [], name
        assert not re.search(r"<\w+|\[\[|list\[|\{\w+\}", text), name


def test_arguments_are_called_alike_in_usage_and_list(shown: dict[str, str]) -> None:
    usages = {name: text.splitlines()[0].partition("[OPTIONS]")[2] for name, text in shown.items()}
    named = ("new", "update", "status", "verify", "adopt", "schema")
    assert {name: usages[name].strip() for name in named} == {
        "new": "PATH",
        "update": "[PATH]",
        "status": "[PATH]...",
        "verify": "[PATH]",
        "adopt": "PATH",
        "schema": "[NAME]",
    }
    assert "\n  PATH  Where the project goes" in shown["new"]
    assert "Arguments:" not in shown["compare"]


def test_the_article_is_named_once_by_its_title_where_it_is_spoken_of(tmp_path: Path) -> None:
    title = load_questionnaire().article
    said = [run(*words, cwd=tmp_path).stdout for words in (["compare"], ["questions"])]
    for text in [*said, run("compare", "--markdown", cwd=tmp_path).stdout]:
        folded = " ".join(text.split())
        assert folded.count(title) == 1
        before = folded.partition(title)[0].removesuffix('the article "')
        assert "article" not in before  # It has its name before it is spoken of.


# What installs a project takes its time: `tests/proof/test_verify.py` makes such calls.
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "verify"])
@pytest.mark.proof
def test_every_command_has_two_examples_that_work(
    shown: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In a shell, as they are printed, where the files and projects are that they speak of."""
    for variable, value in PERSON.items():  # An update is of what is committed.
        monkeypatch.setenv(variable, value)
    examples = re.findall(
        r"^  (stackgen .+)$", shown[name].partition("Examples:\n")[2], re.MULTILINE
    )
    assert len(examples) >= 2
    examples = [example for example in examples if "--verify" not in example]
    (tmp_path / "answers.yml").write_text(ANSWERS)
    if any("acme-standard" in example for example in examples):
        assert run("standard", "init", "acme-standard", cwd=tmp_path).returncode == 0
    if name in {"update", "status", "adopt", "audit"}:
        follow = ("--standard", "acme-standard") if name == "audit" else ()
        for project in ("shop", "blog"):
            done = run("new", project, "--framework", "flask", *follow, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
    for number, example in enumerate(examples):
        assert shlex.split(example)[:2] == ["stackgen", name]
        inside = name in {"update", "status", "audit"} and not re.search("shop|discover", example)
        line = f"{sys.executable} -m {example}"
        if name in {"new", "recommend"} and {"--answer", "--answers", "--framework"}.isdisjoint(
            shlex.split(example)
        ):
            line += " --defaults" if name == "new" else " --answer scope=one-job"  # nobody is asked
        if name == "new":
            line = line.replace("new shop", f"new shop{number}")
        if name == "adopt":  # A project without its record.
            (tmp_path / "shop/.copier-answers.yml").unlink()
        done = subprocess.run(  # noqa: S602 - a person pastes it into a shell
            line,
            shell=True,
            cwd=tmp_path / "shop" if inside else tmp_path,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (example, done.stderr)
