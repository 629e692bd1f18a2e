"""The interview at a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
import yaml
from command_line import read_json

DOWN, UP, LEFT, ENTER, CTRL_C, CTRL_D = "\x1b[B", "\x1b[A", "\x1b[D", "\r", "\x03", "\x04"
QUESTIONS, ALWAYS_ASKED = 11, 6


@pytest.fixture
def start(tmp_path: Path):
    children = []

    def spawn(*words: str, columns: int = 80, **variables: str) -> pexpect.spawn:
        environment = {**os.environ, "TERM": "xterm-256color", **variables}
        child = pexpect.spawn(
            sys.executable,
            ["-m", "stackgen", *words],
            cwd=str(tmp_path),
            env=environment,
            encoding="utf-8",
            dimensions=(50, columns),
            timeout=20,
        )
        child.delaybeforesend = 0.02
        children.append(child)
        return child

    yield spawn
    for child in children:
        child.close(force=True)


def plain(text: str) -> str:
    """What a screen shows, without the sequences that paint it."""
    return re.sub(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|[=>])", "", text)


def finish(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def question(child: pexpect.spawn, number: int) -> None:
    child.expect(f"{number} of {QUESTIONS}  ")


def record(project: Path) -> dict:
    return yaml.safe_load((project / ".copier-answers.yml").read_text())


def test_enter_throughout_makes_a_good_project(start, tmp_path: Path) -> None:
    child = start("new", "shop")
    for number in range(1, ALWAYS_ASKED + 1):
        question(child, number)
        child.expect(">  [0-9]. Don't know")
        child.send(ENTER)
    child.expect("No answer still missing can lead to a recommendation. Stop here\\?")
    child.send(ENTER)
    child.expect("Which framework\\?")
    child.send(ENTER)
    child.expect("stackgen new shop --framework django")
    child.expect("Make the project\\?")
    child.send(ENTER)
    child.expect("Made shop with Django")
    assert finish(child) == 0
    assert record(tmp_path / "shop")["framework"] == "django"
    assert record(tmp_path / "shop")["recommendation"] is None


def test_answers_lead_to_a_recommendation_that_is_recorded(start, tmp_path: Path) -> None:
    child = start("new", "shop")
    for number, key in enumerate(("1", "3", "4", "3", "3", "3"), 1):
        question(child, number)
        child.send(key + ENTER)
    child.expect("Stop here\\?")
    child.send(ENTER)
    child.expect("Take Flask, as recommended")
    child.send(ENTER)
    child.expect("Make the project\\?")
    child.send(ENTER)
    child.expect("Made shop with Flask")
    assert finish(child) == 0
    kept = record(tmp_path / "shop")["recommendation"]
    assert kept["framework"] == "flask"
    assert kept["overruled"] is False
    assert kept["answers"]["scope"] == "one-job"


def test_two_dont_know_end_in_a_lean_after_the_first_questions(start) -> None:
    """Enter, Enter, then linked tables, staff from day one, own users, pages."""
    child = start("recommend", "--json")
    for number, key in enumerate(("", "", "1", "1", "1", "1"), 1):
        question(child, number)
        child.send(key + ENTER)
    child.expect("No answer still missing can lead to Flask. Stop here\\?")
    child.send(ENTER)
    child.expect_exact("{")
    child.expect(pexpect.EOF)
    result = read_json(["recommend", "--json"], "{" + plain(child.before))
    assert (result["framework"], result["band"], result["score"]) == ("django", "lean", 6)
    assert result["passed"] == ["scope", "style"]


@pytest.mark.proof
def test_the_equivalent_command_makes_the_same_project(start, tmp_path: Path) -> None:
    child = start("new", "shop", "--set", "description=It's a shop", "--all", columns=400)
    question(child, 1)
    child.send("1" + ENTER)
    for number in range(2, QUESTIONS + 1):
        question(child, number)
        child.send(ENTER)
    child.expect("Which framework\\?")
    child.send("2" + ENTER)
    child.expect(r"(stackgen new shop --framework [^\r\n]+)")
    command = plain(child.match[1])
    child.expect("Make the project\\?")
    child.send("1" + ENTER)
    assert finish(child) == 0
    (tmp_path / "shop").rename(tmp_path / "first")
    subprocess.run(  # noqa: S602 - a person pastes it into a shell
        f"exec {sys.executable} -m {command}",
        shell=True, cwd=tmp_path, check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert record(tmp_path / "shop") == record(tmp_path / "first")
    assert record(tmp_path / "shop")["description"] == "It's a shop"


def test_a_way_back_and_the_reason_for_a_question(start) -> None:
    child = start("recommend", "--json")
    question(child, 1)
    child.send("?")
    child.expect("[.]")
    child.send("1" + ENTER)
    question(child, 2)
    child.send(LEFT)
    question(child, 1)
    child.expect(">  1[.] ")
    child.send("3" + ENTER)
    question(child, 2)
    child.send("3" + ENTER)
    for number in range(3, QUESTIONS + 1):
        index = child.expect([f"{number} of {QUESTIONS}  ", "Stop here\\?"])
        child.send(ENTER)
        if index:
            break
    child.expect_exact("{")
    child.expect(pexpect.EOF)
    result = read_json(["recommend", "--json"], "{" + plain(child.before))
    assert result["answers"] == {"scope": "many-modules", "style": "choose-parts"}


FOR_FLASK = ("scope=one-job", "style=choose-parts", "data=elsewhere", "output=api-only",
             "accounts=nobody", "backoffice=no")  # fmt: skip
THE_REST = ("layer=product", "team=1-2", "first_project=no", "lightness=no", "sensitive=no")


def answered(*choices: str) -> list[str]:
    return [word for choice in choices for word in ("--answer", choice)]


def test_an_option_is_changed_and_a_refused_one_explained(start, tmp_path: Path) -> None:
    child = start("new", "shop", *answered(*FOR_FLASK, *THE_REST))
    child.expect("Take Flask, as recommended")
    child.send(ENTER)
    child.expect("Make the project\\?")
    child.send("2" + ENTER)
    child.expect("Which option\\?")
    child.send("9" + DOWN + ENTER)  # keys are of one digit
    child.expect("The oldest Python")
    assert not re.search("admin: |api: |container: |frontend: ", child.before)
    child.send(LEFT)
    child.expect("> 10[.] python")
    child.send("1" + ENTER)
    child.expect("Name of the project.*: ")
    child.send("con" + ENTER)
    child.expect("Windows reserves that name")
    child.expect("Which option\\?")
    child.send("3" + ENTER)
    child.expect("What it is, in one line.*: ")
    child.send("Sells tea" + ENTER)
    child.expect("description +Sells tea  [(]you[)]")
    child.expect("--set 'description=Sells tea'")
    child.expect("Make the project\\?")
    child.send(ENTER)
    assert finish(child) == 0
    assert record(tmp_path / "shop")["description"] == "Sells tea"
    assert record(tmp_path / "shop")["frontend"] == "templates"


def test_the_way_back_leads_through_every_step(start, tmp_path: Path) -> None:
    child = start("new", "shop", *answered("scope=one-job", "data=elsewhere"))
    for number, key in enumerate(("3", "3", "3", "3"), 1):
        child.expect(f"{number} of 9  ")
        child.send(key + ENTER)
    child.expect("Stop here\\?")
    child.expect("No, ask the other 5 questions too")
    child.send(ENTER)
    child.expect("Which framework\\?")
    child.send(ENTER)
    child.expect("Make the project\\?")
    child.send(LEFT)
    child.expect("Which framework\\?")
    child.send(LEFT)
    child.expect("Stop here\\?")
    child.expect("No, ask the other 5 questions too")
    child.send(LEFT)
    child.expect("4 of 9  ")
    child.expect(">  3[.] An API only")
    child.send(CTRL_C)
    assert finish(child) == 130
    assert list(tmp_path.iterdir()) == []


def test_the_offer_to_stop_comes_when_the_first_questions_are_answered(start) -> None:
    child = start("recommend", *answered(*FOR_FLASK))
    child.expect("Stop here\\?")
    assert "of 5" not in child.before
    child.send("2" + ENTER)
    for number in range(1, 6):
        child.expect(f"{number} of 5  ")
        child.send(ENTER)
    child.expect("Recommendation: Flask")
    assert finish(child) == 0


def test_where_nothing_was_asked_there_is_no_way_back(start) -> None:
    child = start("new", "shop", *answered(*FOR_FLASK, *THE_REST))
    child.expect("Which framework\\?")
    child.send(LEFT + ENTER)
    child.expect("Make the project\\?")
    child.send("3" + ENTER)
    assert finish(child) == 0


def test_an_option_that_only_one_framework_takes_asks_for_the_framework_again(start) -> None:
    child = start("new", "shop", "--set", "admin=false", *answered(*FOR_FLASK, *THE_REST))
    child.expect("Which framework\\?")
    child.send("2" + ENTER)
    child.expect("Django always has its admin")
    child.expect("Which framework\\?")
    child.send(ENTER)
    child.expect("admin +false  [(]you[)]")
    child.send("3" + ENTER)
    assert finish(child) == 0


def test_options_that_no_framework_takes_are_refused_before_anything_is_asked(start) -> None:
    child = start("new", "shop", "--set", "frontend=none", "--set", "api=false")
    child.expect("Without pages there must be an API")
    assert finish(child) == 2
    assert "1 of 11" not in child.before


def test_an_option_without_a_choice_says_so_and_is_not_asked_for(start) -> None:
    child = start("new", "shop", *answered("backoffice=from-day-one", *FOR_FLASK[:-1], *THE_REST))
    child.expect("Which framework\\?")
    child.send("2" + ENTER)
    child.expect("admin +true  [(]always so with Django[)]")
    child.expect("Make the project\\?")
    child.send("2" + ENTER)
    child.expect("[.] year: ")
    assert "admin: " not in child.before
    child.send(CTRL_C)
    assert finish(child) == 130


@pytest.mark.proof
@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("presses", [0, 3])
def test_leaving_leaves_nothing(start, tmp_path: Path, key: str, presses: int) -> None:
    child = start("new", "shop")
    for number in range(1, presses + 1):
        question(child, number)
        child.send(ENTER)
    question(child, presses + 1)
    child.send(key)
    child.expect("Interrupted. Nothing was left behind.")
    assert finish(child) == 130
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_at_the_end_makes_nothing(start, tmp_path: Path) -> None:
    child = start("new", "shop", "--all")
    for number in range(1, QUESTIONS + 1):
        question(child, number)
        child.send(ENTER)
    child.expect("Which framework\\?")
    child.send(ENTER)
    child.expect("Make the project\\?")
    child.send("3" + ENTER)
    child.expect("Nothing was made.")
    assert finish(child) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.proof
def test_flags_are_asked_nothing(start) -> None:
    child = start("new", "shop", "--framework", "flask")
    child.expect("Made shop with Flask")
    assert finish(child) == 0


def test_a_dumb_terminal_asks_line_by_line(start) -> None:
    child = start("recommend", TERM="dumb")
    question(child, 1)
    child.expect("Choice \\[4\\]: ")
    child.sendline("?")
    child.expect("Choice \\[4\\]: ")
    child.sendline("9")
    child.expect("`9` is none of them. Give a number from 1 to 4.")
    child.sendline("one-job")
    question(child, 2)
    child.sendline("<")
    question(child, 1)
    child.sendline("3")
    question(child, 2)
    child.sendeof()
    child.expect("Interrupted")
    assert finish(child) == 130
    assert "\x1b" not in child.before


def test_no_colour_is_sent_where_none_is_wanted(start) -> None:
    child = start("recommend", *("--answer", "scope=one-job"), NO_COLOR="1")
    child.expect("1 of 10  ")
    for _ in range(10):
        child.send(ENTER)
    child.expect(pexpect.EOF)
    # 30 to 37 and 90 to 97 are foreground colours, 40 to 47 backgrounds (ECMA-48, SGR).
    assert not re.search(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7])m", child.before)


@pytest.mark.proof
@pytest.mark.parametrize("columns", [40, 80])
def test_no_line_is_wider_than_the_terminal(start, columns: int) -> None:
    child = start("new", "shop", "--all", columns=columns, TERM="dumb")
    for number in range(1, QUESTIONS + 1):
        question(child, number)
        child.expect("Choice ")
        child.sendline("?")
        child.expect("Choice ")
        child.sendline("")
    child.expect("Which framework\\?")
    child.expect("Choice ")
    child.sendline("2")
    child.expect("Make the project\\?")
    lines = child.before.split("\r\n")
    command = next(line for line in lines if line.startswith("  stackgen new "))
    assert [line for line in lines if len(line) > columns and line != command] == []
