"""The interview at a real pseudo-terminal, by what stands on its screen."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from command_line import read_json
from screen import (
    BACKSPACE,
    CTRL_C,
    CTRL_D,
    DOWN,
    ENTER,
    ESCAPE,
    LEFT,
    RIGHT,
    UP,
    Terminal,
    stackgen,
)

from stackgen.advice.loading import load_questionnaire

QUESTIONS = 11
CHOICES = [len(each.choices) + 1 for each in load_questionnaire().questions]
FOR_FLASK = ("scope=one-job", "style=choose-parts", "data=elsewhere", "output=api-only",
             "accounts=nobody", "backoffice=no")  # fmt: skip
THE_REST = ("layer=product", "team=1-2", "first_project=no", "lightness=no", "sensitive=no")
FRAMEWORK, OPTIONS = "Which framework?", "The same without questions"


def answered(*choices: str) -> list[str]:
    return [word for choice in choices for word in ("--answer", choice)]


ALL_FOR_FLASK = answered(*FOR_FLASK, *THE_REST)


def question(terminal: Terminal, number: int, most: int = QUESTIONS) -> None:
    of = "of" if number == most else "of at most"
    terminal.wait_for(f"Needs, {number} {of} {most}")


def record(project: Path) -> dict:
    return yaml.safe_load((project / ".copier-answers.yml").read_text())


# ---- From the first question to the project


def test_enter_throughout_makes_a_good_project(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop") as terminal:
        for number in range(1, 7):
            question(terminal, number)
            assert re.search(r"> [0-9]\. Don't know", terminal.text)
            terminal.press(ENTER)
        terminal.wait_for("Stop here?")
        terminal.press(ENTER)
        terminal.wait_for(FRAMEWORK)
        terminal.press(ENTER)
        terminal.wait_for(OPTIONS)
        terminal.press(ENTER)
        terminal.wait_for("Made shop with Django")
        assert terminal.end() == 0
    assert record(tmp_path / "shop")["framework"] == "django"
    assert record(tmp_path / "shop")["recommendation"] is None


@pytest.mark.proof
def test_a_digit_answers_at_once_and_what_is_answered_stays_to_be_read(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop") as terminal:
        for number, key in enumerate("134333", 1):
            question(terminal, number)
            terminal.press(key)
        terminal.wait_for("Stop here?")
        assert "How much will it do? One job" in terminal.text
        terminal.press("1")
        terminal.wait_for("Take Flask, as recommended")
        terminal.press("1")
        terminal.wait_for(OPTIONS)
        terminal.press(ENTER)
        assert terminal.end() == 0
        assert "How much will it do? One job" in terminal.text
        assert "Recommendation: Flask (strong). Taken: Flask" in terminal.text
    kept = record(tmp_path / "shop")["recommendation"]
    assert (kept["framework"], kept["overruled"]) == ("flask", False)
    assert kept["answers"]["scope"] == "one-job"


def test_two_dont_know_end_in_a_lean_after_the_first_questions(tmp_path: Path) -> None:
    with stackgen(tmp_path, "recommend", "--json") as terminal:
        question(terminal, 1)
        terminal.press(ENTER, ENTER, "1", "1", "1", "1")
        terminal.wait_for("No answer still missing can lead to Flask. Stop here?")
        terminal.press("1")
        assert terminal.end() == 0
    result = read_json(["recommend", "--json"], terminal.written[terminal.written.index("{") :])
    assert (result["framework"], result["band"], result["score"]) == ("django", "lean", 6)
    assert result["passed"] == ["scope", "style"]


@pytest.mark.proof
def test_the_end_says_what_was_made_and_gives_one_block_to_copy(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK) as terminal:
        terminal.wait_for(FRAMEWORK)
        terminal.press(ENTER)
        terminal.wait_for(OPTIONS)
        terminal.press(ENTER)
        assert terminal.end() == 0
    made = re.search(r"Made shop with Flask, (\d+) files in \d+\.\d s", terminal.text)
    files = [path for path in (tmp_path / "shop").rglob("*") if path.is_file()]
    assert made
    assert int(made[1]) == sum(".git" not in path.relative_to(tmp_path).parts for path in files)
    at = terminal.lines.index("  cd shop")
    block = terminal.lines[at : terminal.lines.index("", at)]
    assert block[-1] == "  .venv/bin/flask dev"
    assert all(line.startswith("  ") for line in block)


@pytest.mark.proof
def test_the_equivalent_command_makes_the_same_project(tmp_path: Path) -> None:
    words = ["new", "shop", "--set", "description=It's a shop", "--all"]
    with stackgen(tmp_path, *words, size=(400, 30)) as terminal:
        terminal.wait_for(f"Needs, 1 of {QUESTIONS}")
        terminal.press("1", *[ENTER] * (QUESTIONS - 1))
        terminal.wait_for(FRAMEWORK)
        terminal.press("2")
        terminal.wait_for(OPTIONS)
        terminal.press(ENTER)
        assert terminal.end() == 0
        (command,) = (line for line in terminal.lines if line.startswith("  stackgen new shop"))
    (tmp_path / "shop").rename(tmp_path / "first")
    subprocess.run(  # noqa: S602 - a person pastes it into a shell
        f"exec {sys.executable} -m {command.strip()}",
        shell=True, cwd=tmp_path, check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert record(tmp_path / "shop") == record(tmp_path / "first")
    assert record(tmp_path / "shop")["description"] == "It's a shop"


@pytest.mark.proof
def test_flags_are_asked_nothing(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", "--framework", "flask") as terminal:
        assert terminal.end() == 0
        assert "Made shop with Flask" in terminal.text


def test_options_that_no_framework_takes_are_refused_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    words = ["--set", "frontend=none", "--set", "api=false"]
    with stackgen(tmp_path, "new", "shop", *words) as terminal:
        assert terminal.end() == 2
        assert "Without pages there must be an API" in terminal.text
        assert "Needs" not in terminal.text


# ---- Questions


def test_why_a_question_is_asked_comes_and_goes(tmp_path: Path) -> None:
    with stackgen(tmp_path, "recommend") as terminal:
        question(terminal, 1)
        why = "Size and complexity are what the article names first"
        assert why not in terminal.text
        terminal.press("?")
        terminal.wait_for(why)
        terminal.press("?")
        terminal.wait_for("How much", gone=why)


def test_going_back_takes_the_withdrawn_answer_away(tmp_path: Path) -> None:
    with stackgen(tmp_path, "recommend", "--json") as terminal:
        question(terminal, 1)
        terminal.press("1")
        question(terminal, 2)
        assert "How much will it do? One job" in terminal.text
        terminal.press(LEFT)
        question(terminal, 1)
        terminal.wait_for("> 1. One job")
        assert "How much will it do? One job" not in terminal.text
        terminal.press("3", "3")
        question(terminal, 3)
        assert "How much will it do? Many modules, or a product that keeps" in terminal.text
        terminal.press(*[ENTER] * 9)
        assert terminal.end() == 0
    result = read_json(["recommend", "--json"], terminal.written[terminal.written.index("{") :])
    assert result["answers"] == {"scope": "many-modules", "style": "choose-parts"}


def test_dont_know_says_what_it_means_and_counts_when_there_may_be_an_end(tmp_path: Path) -> None:
    with stackgen(tmp_path, "recommend") as terminal:
        for number in range(1, 7):
            question(terminal, number)
            terminal.press(ENTER)
            if number == 1:
                terminal.wait_for("Not answered: it counts for neither side.")
        terminal.wait_for("Stop here?")
        assert "7 of" not in terminal.text


def test_the_offer_to_stop_comes_when_the_first_questions_are_answered(tmp_path: Path) -> None:
    with stackgen(tmp_path, "recommend", *answered(*FOR_FLASK)) as terminal:
        terminal.wait_for("Stop here?")
        assert "1 of" not in terminal.text
        terminal.press("2")
        for number in range(1, 6):
            terminal.wait_for(f"Needs, {number} of 5")
            terminal.press(ENTER)
        assert terminal.end() == 0
        assert "Recommendation: Flask" in terminal.written


@pytest.mark.proof
def test_the_way_back_leads_through_every_step(tmp_path: Path) -> None:
    with stackgen(
        tmp_path, "new", "shop", *answered("scope=one-job", "data=elsewhere")
    ) as terminal:
        for number, key in enumerate("3333", 1):
            question(terminal, number, 9)
            terminal.press(key)
        terminal.wait_for("Stop here? > 1. Yes, show the recommendation 2. No, ask the other 5")
        terminal.press("1")
        terminal.wait_for(FRAMEWORK)
        terminal.press("1")
        terminal.wait_for(OPTIONS)
        terminal.press(ESCAPE)
        terminal.wait_for(FRAMEWORK)
        terminal.press(LEFT)
        terminal.wait_for("Stop here?")
        terminal.press(LEFT)
        question(terminal, 4, 9)
        assert "> 3. An API only" in terminal.text
        terminal.press(CTRL_C)
        assert terminal.end() == 130
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_was_asked_there_is_no_way_back(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK) as terminal:
        terminal.wait_for(FRAMEWORK)
        terminal.press(LEFT, ENTER)
        terminal.wait_for(OPTIONS)


# ---- The recommendation


@pytest.mark.parametrize("size", [(100, 30), (60, 20)])
def test_the_recommendation_stands_together_with_its_menu(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    choices = [*FOR_FLASK[:4], "accounts=own-users", *THE_REST]
    words = answered(*choices)
    with stackgen(tmp_path, "new", "shop", *words, size=size) as terminal:
        terminal.wait_for("Needs, 1 of 1")
        terminal.press("1")
        terminal.wait_for("2. Take Django instead")
        seen = terminal.text
        assert "Recommendation: Flask (" in seen
        assert re.search(r"Flask +█+ \d+ ", seen)
        assert re.search(r"Django +█+ \d+ ", seen)
        assert seen.count(" +3 ") >= 2
        assert "What Django has:" in seen
        assert re.search(r"If |Nothing plausible would change it", seen)
        assert "> 1. Take Flask, as recommended" in seen
        assert "2. Take Django instead" in seen
        assert "C1" not in seen


def test_a_key_shows_everything_and_goes_back(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK, size=(60, 20)) as terminal:
        terminal.wait_for(FRAMEWORK)
        terminal.press("?")
        terminal.wait_for("back to the question", gone=FRAMEWORK)
        assert terminal.lines[-1].startswith("↑↓")
        terminal.press(*[" "] * 9)
        terminal.wait_for("The article is silent on")
        terminal.press("?")
        terminal.wait_for(FRAMEWORK)


@pytest.mark.proof
def test_an_option_that_only_one_framework_takes_asks_for_the_framework_again(
    tmp_path: Path,
) -> None:
    with stackgen(tmp_path, "new", "shop", "--set", "admin=false", *ALL_FOR_FLASK) as terminal:
        terminal.wait_for(FRAMEWORK)
        terminal.press("2")
        terminal.wait_for("Django always has its admin")
        assert FRAMEWORK in terminal.text
        terminal.press("1")
        terminal.wait_for("admin false you")


# ---- The options


def options(terminal: Terminal, framework: str = "1") -> None:
    terminal.wait_for(FRAMEWORK)
    terminal.press(framework)
    terminal.wait_for("Enter makes the project")


def row(terminal: Terminal, name: str) -> str:
    """The line of an option, as it stands on the screen."""
    (line,) = (line for line in terminal.lines if re.match(rf"[> ] {name} ", line))
    return " ".join(line.split())


@pytest.mark.proof
def test_options_change_in_place(tmp_path: Path) -> None:
    answers = [word.replace("data=elsewhere", "data=few-tables") for word in ALL_FOR_FLASK]
    with stackgen(tmp_path, "new", "shop", *answers) as terminal:
        options(terminal)
        assert row(terminal, "project_name").startswith("> project_name shop from the path")
        assert row(terminal, "database") == "database sqlite default"
        terminal.press("data")
        terminal.wait_for("Filter: data")
        assert "> database" in terminal.text
        assert "license" not in terminal.text.partition(OPTIONS)[0]
        terminal.press(" ")
        terminal.wait_for("database postgresql you")
        terminal.wait_for("--set database=postgresql")
        terminal.press(LEFT)
        terminal.wait_for("database sqlite you")
        terminal.press(RIGHT)
        terminal.wait_for("database postgresql you")
        terminal.press(ESCAPE)
        terminal.wait_for("license mit default", gone="Filter")
        assert terminal.written.count("project_name") < 12  # drawn where it changes, not anew
        terminal.press(ENTER)
        assert terminal.end() == 0
    assert record(tmp_path / "shop")["database"] == "postgresql"


def test_a_text_is_edited_in_a_line_that_holds_it(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK) as terminal:
        options(terminal)
        terminal.press(DOWN, DOWN, " ")
        terminal.wait_for("description: A web application.")
        terminal.press(ESCAPE)
        terminal.wait_for("Enter makes the project")
        assert row(terminal, "description") == "> description A web application. default"
        terminal.press(RIGHT)
        terminal.wait_for("Enter takes it")
        terminal.press(*[BACKSPACE] * 40)
        terminal.press("tea", "\x01", "Sells ", "\x05", "!", LEFT, BACKSPACE, "a", ENTER)
        terminal.wait_for("description Sells tea! you")
        terminal.wait_for("--set 'description=Sells tea!'")


@pytest.mark.proof
def test_a_text_may_be_empty_and_a_refused_one_stays_in_the_line(tmp_path: Path) -> None:
    words = ["--set", "author_email=ann@example.org"]
    with stackgen(tmp_path, "new", "shop", *words, *ALL_FOR_FLASK) as terminal:
        options(terminal)
        terminal.press("author_email", " ")
        terminal.wait_for("author_email: ann@example.org")
        terminal.press("\x01", "\x0b", BACKSPACE, BACKSPACE, ENTER)
        terminal.wait_for("author_email - you")
        terminal.press(ESCAPE)
        terminal.wait_for("license mit default", gone="Filter")
        terminal.press(*[UP] * 4)
        terminal.wait_for("> project_name")
        terminal.press(" ")
        terminal.wait_for("project_name: shop")
        terminal.press("\x01", "\x0b", "con", ENTER)
        terminal.wait_for("Windows reserves that name")
        assert "project_name: con" in terminal.text
        terminal.press("crete", ENTER)
        terminal.wait_for("project_name concrete you")
        terminal.press(ENTER)
        assert terminal.end() == 0
    assert record(tmp_path / "shop")["author_email"] == ""
    assert record(tmp_path / "shop")["project_name"] == "concrete"


@pytest.mark.proof
def test_what_cannot_be_is_there_with_its_reason_and_stays(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK) as terminal:
        options(terminal, "2")
        assert row(terminal, "admin") == "admin true always so with Django"
        terminal.press("admin", " ")
        terminal.wait_for("> admin true always so with Django")


@pytest.mark.proof
def test_a_filter_that_leaves_nothing_says_so_and_is_taken_back(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK) as terminal:
        options(terminal)
        terminal.press("zebra", " ", LEFT, DOWN)
        terminal.wait_for("No option holds `zebra`.")
        terminal.press(*[BACKSPACE] * 5)
        terminal.wait_for("> project_name")


# ---- Keys


def test_what_is_typed_ahead_reaches_what_comes_next(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", "--all") as terminal:
        terminal.press("1", "3", "4", "3", "3", "3", *["\n"] * 5, "1", "tit", " ", " 2", ENTER)
        terminal.wait_for("title Shop 2 you")


@pytest.mark.proof
def test_pasted_answers_reach_the_questions_and_pasted_text_is_text(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", "--all") as terminal:
        terminal.wait_for("Needs, 1 of 11")
        terminal.press("\x1b[200~", "134333", "\r" * 5, "\x1b[201~")
        terminal.wait_for(FRAMEWORK)
        terminal.press("1")
        terminal.wait_for("Enter makes the project")
        terminal.press("desc", " ")
        terminal.wait_for("description: A web application.")
        terminal.press("\x1b[200~", " With\ntea.\n", "\x1b[201~", ENTER)
        terminal.wait_for("description A web application.With tea. you")
        assert not (tmp_path / "shop").exists()


@pytest.mark.proof
@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("presses", [0, 3])
def test_leaving_leaves_nothing(tmp_path: Path, key: str, presses: int) -> None:
    with stackgen(tmp_path, "new", "shop") as terminal:
        question(terminal, 1)
        terminal.press(*[ENTER] * presses)
        question(terminal, presses + 1)
        terminal.press(key)
        assert terminal.end() == 130
        assert "Interrupted. Nothing was left behind." in terminal.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.proof
@pytest.mark.parametrize("linear", ["", "1"])
def test_a_terminal_that_hangs_up_ends_it_with_nothing_left(tmp_path: Path, linear: str) -> None:
    with stackgen(tmp_path, "new", "shop", STACKGEN_LINEAR=linear) as terminal:
        question(terminal, 1)
        assert terminal.hang_up() in {130, -signal.SIGHUP}
    assert list(tmp_path.iterdir()) == []


# ---- Terminals of every kind


@pytest.mark.proof
def test_another_size_in_the_middle_of_it(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK) as terminal:
        terminal.wait_for(FRAMEWORK)
        terminal.resize(40, 9)
        terminal.press(DOWN)
        terminal.wait_for("> 2. Take Django instead")
        assert "Recommendation: Flask" in terminal.text
        terminal.press(UP, ENTER)
        terminal.wait_for("> project_name")
        terminal.press(*[DOWN] * 5)
        terminal.wait_for("> database")
        assert "Enter makes it" in terminal.text
        terminal.resize(100, 30)
        terminal.press(" ")
        terminal.wait_for("> database sqlite you")
        terminal.press(ENTER)
        assert terminal.end() == 0


@pytest.mark.proof
@pytest.mark.parametrize("size", [(40, 9), (60, 20), (100, 30)])
def test_every_question_fits_the_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    with stackgen(tmp_path, "recommend", "--all", size=size) as terminal:
        for number in range(1, QUESTIONS + 1):
            if size[1] > 9:
                terminal.wait_for(f"Needs, {number} of {QUESTIONS}")
            terminal.wait_for(f"> {CHOICES[number - 1]}. Don't know")
            assert len(terminal.lines) <= size[1]
            terminal.press(ENTER)
        assert terminal.end() == 0


def test_two_colours_and_none_where_none_is_wanted(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK) as terminal:
        terminal.wait_for(FRAMEWORK)
        assert terminal.colours == {"00875f", "af5f5f"}
    with stackgen(tmp_path, "new", "shop", *ALL_FOR_FLASK, NO_COLOR="1") as terminal:
        options(terminal)
        assert terminal.colours == set()
        # 30 to 49 and 90 to 107 are colours (ECMA-48, SGR); 39 and 49 are those there were before.
        assert not re.search(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)[;m]", terminal.written)


@pytest.mark.parametrize(
    ("words", "variables"),
    [([], {"TERM": "dumb"}), (["--linear"], {}), ([], {"STACKGEN_LINEAR": "1"})],
)
@pytest.mark.proof
def test_line_by_line_nothing_is_drawn(
    tmp_path: Path, words: list[str], variables: dict[str, str]
) -> None:
    with stackgen(tmp_path, "new", "shop", *words, size=(80, 200), **variables) as terminal:
        question(terminal, 1)
        terminal.wait_for("Choice [4]:")
        terminal.press("?\n")
        terminal.wait_for("Size and complexity are what")
        terminal.press("9\n")
        terminal.wait_for("`9` is none of them. Give a number from 1 to 4.")
        terminal.press("one-job\n")
        question(terminal, 2)
        terminal.press("<\n")
        terminal.wait_for("Choice [1]:")
        terminal.press("1\n3\n4\n3\n3\n3\n")
        terminal.wait_for("Stop here?")
        terminal.press("\n")
        terminal.wait_for("Take Flask, as recommended")
        assert re.search(r"Flask +█+ \d+", terminal.text)
        terminal.press("?\n")
        terminal.wait_for("What did not count")
        terminal.press("\n")
        terminal.wait_for("Enter makes the project")
        terminal.press("database\n")
        terminal.wait_for("2. postgresql")
        terminal.press("2\n")
        terminal.wait_for("database: postgresql (you)")
        terminal.press("license=nonsense\n")
        terminal.wait_for("`license` cannot be `nonsense`")
        terminal.press('author_email=a@example.org\nauthor_email\n""\n')
        terminal.wait_for("author_email: empty (you)")
        terminal.press("\n")
        assert terminal.end() == 0
        assert "\x1b" not in terminal.written
    assert record(tmp_path / "shop")["database"] == "postgresql"
    assert record(tmp_path / "shop")["author_email"] == ""


def test_line_by_line_an_input_that_ends_is_an_interruption(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", "--linear") as terminal:
        question(terminal, 1)
        terminal.press(CTRL_D)
        assert terminal.end() == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.proof
@pytest.mark.parametrize("columns", [40, 80])
def test_line_by_line_no_line_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    with stackgen(tmp_path, "new", "shop", "--linear", "--all", size=(columns, 60)) as terminal:
        for times, line in enumerate(["?", ""] * QUESTIONS + ["?", "2"], 1):
            while terminal.written.count("Choice [") < times:
                assert terminal.read()
            terminal.press(f"{line}\n")
        terminal.wait_for("Enter makes the project")
        lines = terminal.written.replace("\r", "").split("\n")
    assert [line for line in lines if len(line) > columns and "stackgen new" not in line] == []


@pytest.mark.proof
def test_every_section_is_told_once_in_order(tmp_path: Path) -> None:
    with stackgen(tmp_path, "new", "shop", "--linear", size=(100, 300)) as terminal:
        terminal.wait_for("Choice")
        terminal.press("1\n3\n4\n3\n3\n3\n1\n1\n")
        terminal.wait_for("Options, Flask")
        places = re.findall(r"Needs, (\d+) of at most 11", terminal.written)
    assert [int(place) for place in places] == [1, 2, 3, 4, 5, 6]
    assert all(later > earlier for earlier, later in pairwise(map(int, places)))
