"""One's own defaults, and the last interview taken up: real files, processes and terminals."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pexpect
import pytest
import yaml
from command_line import run
from screen import DOWN, ENTER
from screen import stackgen as drawn

FOR_FLASK = {
    "scope": "one-job",
    "style": "choose-parts",
    "data": "elsewhere",
    "accounts": "nobody",
    "output": "api-only",
}
QUESTIONS = 11
PASSED = "dont-know"
OPTIONS = "Change, or Enter to make the project: "


def answered(answers: dict[str, str]) -> list[str]:
    return [word for item in answers.items() for word in ("--answer", "=".join(item))]


@pytest.fixture
def homes(tmp_path: Path) -> dict[str, str]:
    """Folders of a person's own, as the XDG variables name them."""
    return {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def stackgen(work: Path, homes: dict[str, str]):
    return partial(run, cwd=work, **homes)


@pytest.fixture
def configure(tmp_path: Path):
    path = tmp_path / "config/stackgen/config.toml"

    def write(text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "state/stackgen/last-interview.json"


@pytest.fixture
def keep(kept: Path):
    def write(answers: dict[str, str], **options: object) -> None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"answers": answers, "options": options}))

    return write


def record(project: Path) -> dict:
    return yaml.safe_load((project / ".copier-answers.yml").read_text())


class Person:
    """Somebody at a terminal that knows lines alone: what is marked stands in brackets."""

    def __init__(self, work: Path, *words: str, **variables: str) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "stackgen", *words],
            cwd=str(work),
            env={**os.environ, "TERM": "dumb", **variables},
            encoding="utf-8",
            dimensions=(50, 200),
            timeout=30,
        )
        self.child.delaybeforesend = 0.02

    def presses_enter_until(self, text: str) -> dict[str, int]:
        """Take what is marked, up to a question; the number that was marked at each step."""
        marked = {}
        while True:
            index = self.child.expect([re.escape(text), r"Choice \[(\d+)\]: ", OPTIONS])
            if not index:
                return marked
            if index == 2:
                self.child.sendline("")
                continue
            lines = self.child.before.strip().splitlines()
            head = next(line for line in reversed(lines) if re.search(r"\?$|^\d+ of", line))
            marked[head] = int(self.child.match[1])
            self.child.sendline("")

    def takes_what_is_marked(self) -> str:
        """Press Enter once more, and read on to the end."""
        self.child.expect(r"Choice \[(\d+)\]: ")
        marked = self.child.match[1]
        self.child.sendline("")
        return marked

    def reads_to_the_end(self) -> str:
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.before


@pytest.fixture
def person(work: Path, homes: dict[str, str]) -> Iterator[partial[Person]]:
    people = []

    def sit_down(*words: str) -> Person:
        people.append(Person(work, *words, **homes))
        return people[-1]

    yield sit_down
    for each in people:
        each.child.close(force=True)


def test_configured_options_count_for_every_project(stackgen, configure, work: Path) -> None:
    configure('[options]\nci = "gitlab"\nlicense = "proprietary"\nauthor_name = "Ann"\n')
    done = stackgen("new", "shop", "--framework", "flask", "--set", "license=mit", "--no-git")
    assert (done.returncode, done.stderr) == (0, "")
    made = record(work / "shop")
    assert (made["ci"], made["license"], made["author_name"]) == ("gitlab", "mit", "Ann")


def test_a_file_goes_before_the_configuration_and_that_before_what_answers_imply(
    stackgen, configure, keep, work: Path
) -> None:
    configure('[options]\nci = "gitlab"\ndatabase = "sqlite"\npython = 3.12\nlicense = "mpl-2.0"\n')
    keep({}, framework="flask", python="3.13", license="mit")
    (work / "answers.yml").write_text("options: {license: apache-2.0}\n")
    words = ["--again", "--answers", "answers.yml", "--answer", "data=linked-tables", "--no-git"]
    made = stackgen("new", "shop", *words, "--json").json["options"]
    assert (made["license"], made["python"], made["ci"]) == ("apache-2.0", "3.13", "gitlab")
    assert made["database"] == "sqlite"


@pytest.mark.proof
def test_no_config_leaves_it_aside(stackgen, configure) -> None:
    path = configure('[options]\nci = "none"\n')
    words = ["new", "shop", "--defaults", "--no-git", "--dry-run", "--json"]
    assert stackgen(*words).json["options"]["ci"] == "none"
    assert stackgen(*words, "--no-config").json["options"]["ci"] == "github"
    path.write_text("broken")
    assert stackgen(*words).returncode == 2
    assert stackgen(*words, "--no-config").returncode == 0
    assert stackgen("recommend", *answered(FOR_FLASK)).returncode == 2
    assert stackgen("recommend", "--no-config", *answered(FOR_FLASK)).returncode == 0


def test_configured_answers_never_count_where_nobody_is_asked(stackgen, configure) -> None:
    lines = "".join(f'{name} = "{choice}"\n' for name, choice in FOR_FLASK.items())
    configure(f"[answers]\n{lines}")
    done = stackgen("new", "shop", "--defaults", "--dry-run", "--json")
    assert (done.json["framework"], done.json["recommendation"]) == ("django", None)
    assert stackgen("new", "shop").returncode == 2
    assert "No question was answered" in stackgen("recommend").stderr


def test_what_a_framework_refuses_yields_with_a_note(stackgen, configure) -> None:
    configure('[options]\nadmin = false\nci = "none"\n')
    words = ["new", "shop", "--dry-run", "--json", "--framework"]
    django = stackgen(*words, "django")
    assert django.json["options"]["admin"] is True
    assert django.json["options"]["ci"] == "none"
    assert django.stderr.count("\n") == 1
    assert django.stderr.startswith(
        "Your configuration sets `admin` to false, but the option `admin` stays true. "
    )
    assert stackgen(*words, "flask").stderr == ""
    assert stackgen(*words, "django", "--set", "admin=false").returncode == 2


@pytest.mark.proof
def test_an_unknown_id_is_a_line_and_a_broken_file_an_error(stackgen, configure) -> None:
    words = ["new", "shop", "--defaults", "--dry-run"]
    path = configure("[options]\ndatabse = 1\n")
    done = stackgen(*words)
    assert done.returncode == 0
    assert done.stderr.startswith(f"`{path}`: There is no option `databse`. Did you mean")
    assert "databse" not in stackgen(*words, "--quiet").stderr
    configure('[options]\nci = "jenkins"\n')
    done = stackgen(*words, "--json")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"`{path}`: `ci` cannot be `jenkins`. Choose one of: github" in done.stderr
    path.unlink()
    os.mkfifo(path)
    assert "is not a regular file" in stackgen(*words).stderr


def test_a_relative_folder_is_none(work: Path, tmp_path: Path) -> None:
    """It would be another at every place: somebody else's repository, say."""
    (work / "config/stackgen").mkdir(parents=True)
    (work / "config/stackgen/config.toml").write_text("broken")
    homes = {"XDG_CONFIG_HOME": "config", "HOME": str(tmp_path)}
    assert run("new", "shop", "--defaults", "--dry-run", cwd=work, **homes).returncode == 0


def test_without_an_interview_nothing_is_kept(stackgen, tmp_path: Path) -> None:
    assert stackgen("new", "shop", "--framework", "flask", "--no-git").returncode == 0
    assert not (tmp_path / "state").exists()
    for words in (["new", "other"], ["recommend"]):
        done = stackgen(*words, "--again")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "none has ended in a project yet" in done.stderr


@pytest.mark.proof
def test_again_is_like_an_answers_file_where_nobody_is_asked(stackgen, keep) -> None:
    keep(FOR_FLASK, framework="django", ci="none", author_name="Eve", description="Old")
    done = stackgen("new", "shop", "--again", "--dry-run", "--json")
    assert done.returncode == 0
    assert "last interview" not in done.stderr
    result = done.json
    assert result["framework"] == "django"
    assert result["recommendation"]["answers"] == FOR_FLASK
    assert result["recommendation"]["overruled"] is True
    assert result["options"]["ci"] == "none"
    assert result["options"]["author_name"] != "Eve"
    assert result["options"]["description"] != "Old"
    words = ["--again", "--framework", "flask", "--answer", "scope=many-modules"]
    result = stackgen("new", "shop", *words, "--dry-run", "--json").json
    assert result["framework"] == "flask"
    assert result["recommendation"]["answers"] == {**FOR_FLASK, "scope": "many-modules"}
    advice = stackgen("recommend", "--again", "--json").json
    assert advice["answers"] == FOR_FLASK


def test_what_an_older_version_kept_is_left_out_with_a_line(stackgen, keep, kept: Path) -> None:
    keep({"scope": "gone", "gone": "x"}, framework="rails", ci="jenkins", gone=1)
    done = stackgen("new", "shop", "--again", "--defaults", "--dry-run")
    assert done.returncode == 0
    lines = [line for line in done.stderr.splitlines() if line.startswith("The last interview: ")]
    assert len(lines) == 5
    assert all(line.endswith(" It is ignored.") for line in lines)
    kept.write_text("{")
    done = stackgen("new", "shop", "--again")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"`{kept}` cannot be read" in done.stderr


@pytest.mark.proof
def test_an_interview_is_kept_and_taken_up_again(
    person, configure, stackgen, kept: Path, work: Path
) -> None:
    """A whole day: configured, interviewed, and once more."""
    configure('[options]\nci = "gitlab"\n[answers]\nscope = "one-job"\nlightness = "yes"\n')
    words = ("--set", "license=proprietary", "--set", "title=A shop", "--set", "author_name=Ann")
    first = person("new", "shop", *words, "--all")
    marked = first.presses_enter_until("Which framework?")
    assert len(marked) == QUESTIONS
    assert sorted(marked.values()).count(1) == 2  # The two that are configured.
    first.child.expect(r"Choice \[1\]: ")
    first.child.sendline("2")
    first.child.expect(r"ci: gitlab \(your configuration\)")
    first.child.expect(r"license: proprietary \(you\)")
    first.child.expect(r"stackgen new shop [^\r\n]+--set ci=gitlab")
    first.presses_enter_until("Made shop with Flask")
    first.reads_to_the_end()
    assert first.child.exitstatus == 0

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    last = json.loads(kept.read_text())
    assert last["options"] == {"framework": "flask", "ci": "gitlab", "license": "proprietary"}
    assert len(last["answers"]) == QUESTIONS
    given = {question: choice for question, choice in last["answers"].items() if choice != PASSED}
    assert given == {"scope": "one-job", "lightness": "yes"}

    second = person("new", "other", "--again", "--no-config", "--all")
    assert second.presses_enter_until("Which framework?") == marked
    assert second.takes_what_is_marked() == "2"
    second.child.expect(r"title: Other \(default\)")
    second.child.expect(r"ci: gitlab \(your last interview\)")
    second.child.expect(r"license: proprietary \(your last interview\)")
    second.presses_enter_until("Made other with Flask")
    second.reads_to_the_end()
    assert record(work / "other")["license"] == "proprietary"
    assert record(work / "other")["author_name"] != "Ann"

    unasked = stackgen("new", "third", "--again", "--no-config", "--dry-run", "--json").json
    assert unasked["framework"] == "flask"
    assert unasked["recommendation"]["answers"] == {"scope": "one-job", "lightness": "yes"}
    assert len(unasked["recommendation"]["passed"]) == QUESTIONS - 2


@pytest.mark.proof
def test_an_interview_that_cannot_be_kept_makes_its_project(person, tmp_path: Path, work) -> None:
    (tmp_path / "state").write_text("a file in the way")
    one = person("new", "shop")
    one.presses_enter_until(OPTIONS)
    one.child.sendline("")
    said = one.reads_to_the_end()
    assert one.child.exitstatus == 0
    assert said.count("The interview cannot be kept for another time") == 1
    assert (work / "shop/README.md").is_file()


@pytest.mark.proof
def test_an_interview_that_ends_in_nothing_is_not_kept(person, kept: Path) -> None:
    one = person("new", "shop")
    one.presses_enter_until(OPTIONS)
    one.child.sendintr()
    one.reads_to_the_end()
    assert one.child.exitstatus == 130
    two = person("new", "shop", "--dry-run")
    two.presses_enter_until("README.md")
    two.reads_to_the_end()
    assert not kept.exists()


@pytest.mark.proof
def test_marks_and_origins_stand_on_a_screen_that_is_drawn(
    work: Path, homes: dict[str, str], configure, keep
) -> None:
    configure('[options]\nci = "gitlab"\nlicense = "mpl-2.0"\n[answers]\ndata = "elsewhere"\n')
    keep({**FOR_FLASK, "backoffice": PASSED}, framework="django", license="proprietary")
    with drawn(work, "new", "shop", "--again", **homes) as terminal:
        terminal.wait_for("Needs, 1 of at most 11")
        assert re.search(r"> 1\. One job", terminal.text)
        for number in range(2, 8):
            terminal.press(ENTER)
            terminal.wait_for(f"Needs, {number} of" if number < 7 else "Stop here?")
        terminal.press(ENTER)
        terminal.wait_for("Which framework?")
        assert re.search(r"> 2\. Take Django instead", terminal.text)  # Overruled before.
        terminal.press(ENTER)
        terminal.wait_for("Enter makes the project")
        for row in ("ci gitlab your configuration", "license proprietary your last interview"):
            assert row in terminal.text
        terminal.press("ci", DOWN, " ")
        terminal.wait_for("ci none you")
        terminal.press(ENTER)
        terminal.wait_for("Made shop with Django")
        assert terminal.end() == 0
    made = record(work / "shop")
    assert (made["ci"], made["license"]) == ("none", "proprietary")
