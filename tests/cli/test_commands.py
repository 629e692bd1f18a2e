"""The command line as another program sees it: real processes, no terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
import yaml
from command_line import PROGRAM, Done, run, told

from stackgen.template import source

STACKGEN = list(PROGRAM)
FOR_DJANGO = ["scope=many-modules", "style=ready-structure", "data=linked-tables"]
FOR_FLASK = [
    "scope=one-job",
    "style=choose-parts",
    "data=elsewhere",
    "output=api-only",
    "accounts=nobody",
]


def answered(choices: list[str]) -> list[str]:
    return [word for choice in choices for word in ("--answer", choice)]


@pytest.fixture
def stackgen(tmp_path: Path):
    return partial(run, cwd=tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_version(stackgen) -> None:
    for words in (["--version"], ["--version", "new"]):
        done = stackgen(*words)
        assert (done.returncode, done.stdout) == (0, f"stackgen {source.version()}\n")


def test_version_and_help_import_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv[1:] = {words}\n"
        "from stackgen.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules)"
    )
    heavy = {"copier", "jinja2", "prompt_toolkit", "questionary", "rich", "yaml", "plumbum"}
    for words, banned in ((["--version"], heavy | {"typer"}), (["--help"], heavy)):
        done = subprocess.run(
            [sys.executable, "-c", script.format(words=words)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert not banned & set(done.stdout.splitlines()[-1].split())


def test_help_names_every_flag(stackgen) -> None:
    text = stackgen("new", "--help").stdout
    flags = ["answers", "answer", "set", "framework", "defaults", "json", "no-git", "dry-run"]
    for flag in [*flags, "quiet", "all"]:
        assert f"--{flag} " in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["new"], "Missing argument"),
        (["new", "shop"], "there is no terminal to ask at"),
        (["new", "shop", *answered(FOR_FLASK[:1])], "Not answered: style, data"),
        (["new", "shop", "--frobnicate"], "No such option: --frobnicate"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["new", "shop", "--framework", "rails"], "Choose one of: django, flask"),
        (["new", "shop", "--defaults", "--set", "databse=sqlite"], "Did you mean `database`?"),
        (["new", "shop", "--defaults", "--set", "database"], "not of the form OPTION=VALUE"),
        (["new", "shop", "--defaults", "--set", "ci=jenkins"], "github, gitlab, none"),
        (["new", "shop", "--defaults", "--answer", "scoop=one-job"], "`scope`"),
        (["new", "shop", "--defaults", "--answer", "scope=huge"], "one-job, several-features"),
        (["new", "shop", "--defaults", "--answers", "none.yml"], "`none.yml` cannot be read"),
        (["new", "con", "--defaults"], "Windows"),
        (["new", "django", "--defaults"], "package the project depends on"),
        (["new", "shop", "--defaults", "--set", "project_name=a/b"], "U+002F"),
        (["new", "none/shop", "--defaults"], "does not exist"),
        (["new", "shop", "--framework", "flask", "--set", "frontend=none"], "must be an API"),
        (
            ["new", "shop", "--framework", "flask", "--set", "framework=django"],
            "contradict each other",
        ),
        (
            ["new", "shop", "--defaults", *answered(["scope=one-job", "scope=many-modules"])],
            "contradict each other",
        ),
        (["recommend"], "Questions: scope, style"),
        (["new", "a\nb", "--defaults"], r"`a\nb`: it contains the character U+000A"),
        (["new", "shop", "--defaults", "--all"], "`--defaults` and `--all` contradict each other"),
        (["recommend", "--answers", ""], "The argument of `--answers` is empty"),
        (["new", "shop", "--defaults", "--standard", ""], "The argument of `--standard` is empty"),
        (["new", "shop", "--defaults", "--standard="], "The argument of `--standard` is empty"),
        (["update", ""], "An argument is empty, as where a variable is not set"),
        (["status", ""], "An argument is empty"),
        (["status", "--diff", "", "shop"], "The argument of `--diff` is empty"),
        (["standard", "check", ""], "An argument is empty"),
        (["recommend", "--defaults"], "No question was answered, and `--defaults` asks nothing"),
        (["compare", "--markdown", "more"], "unexpected extra argument"),
    ],
)
def test_a_wrong_call_is_one_clear_line_and_writes_nothing(
    stackgen, tmp_path: Path, words: list[str], message: str
) -> None:
    done = stackgen(*words)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert done.stderr.startswith("stackgen: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert files(tmp_path) == []


def test_no_control_character_reaches_the_terminal(stackgen, tmp_path: Path) -> None:
    for words in (
        ["new", "a\x1b]0;x\x07b"],
        ["new", "a/\x9b31m/b"],
        ["recommend", "--answer", "\x1b=x"],
    ):
        done = stackgen(*words, "--defaults")
        assert done.returncode == 2
        assert not any(ord(character) < 32 and character != "\n" for character in done.stderr)
        assert "\x9b" not in done.stderr
    assert files(tmp_path) == []


def test_defaults_take_the_default_framework_and_say_so(stackgen, tmp_path: Path) -> None:
    done = stackgen("new", "shop", "--defaults")
    assert done.returncode == 0
    assert "No question was answered: Django is the default, not a recommendation" in done.stderr
    assert f" s: {tmp_path / 'shop'}\n" in done.stdout
    assert files(tmp_path) == ["shop"]
    record = yaml.safe_load((tmp_path / "shop" / ".copier-answers.yml").read_text())
    assert record["framework"] == "django"
    assert record["recommendation"] is None


def test_answers_decide(stackgen, tmp_path: Path) -> None:
    done = stackgen("new", "shop", *answered(FOR_FLASK), "--json", "--no-git")
    assert done.returncode == 0
    result = done.json
    assert result["framework"] == result["recommendation"]["framework"] == "flask"
    assert result["recommendation"]["overruled"] is False
    assert result["path"] == str(tmp_path / "shop")
    assert result["version"] == source.version()
    assert list(result["next"]) == ["run", "test", "production"]
    made = [path for path in (tmp_path / "shop").rglob("*") if path.is_file()]
    assert result["files"] == len(made)
    assert "recommendation" not in result["options"]
    assert result["options"]["project_name"] == "shop"


def test_a_person_may_overrule(stackgen) -> None:
    words = ["new", "shop", *answered(FOR_FLASK), "--framework", "django", "--no-git", "--json"]
    result = stackgen(*words).json
    assert result["framework"] == "django"
    assert result["recommendation"]["framework"] == "flask"
    assert result["recommendation"]["overruled"] is True


def test_a_dry_run_lists_what_would_be(stackgen, tmp_path: Path) -> None:
    words = ["new", "shop", "--framework", "flask"]
    listed = stackgen(*words, "--dry-run").stdout.splitlines()
    assert files(tmp_path) == []
    plan = stackgen(*words, "--dry-run", "--json").json
    assert plan["paths"] == listed
    assert plan["files"] == len(listed)
    made = stackgen(*words, "--json").json
    assert made["files"] == len(listed)
    assert "paths" not in made


def test_flags_go_before_the_file(stackgen, tmp_path: Path) -> None:
    (tmp_path / "answers.yml").write_text(
        "answers: {scope: one-job, first_project: no}\n"
        "options: {framework: flask, license: mpl-2.0, ci: none}\n"
    )
    words = ["--answers", "answers.yml", "--set", "ci=gitlab", "--answer", "scope=many-modules"]
    result = stackgen("new", "shop", *words, "--json", "--no-git").json
    assert result["options"]["license"] == "mpl-2.0"
    assert result["options"]["ci"] == "gitlab"
    assert result["recommendation"]["answers"] == {"scope": "many-modules", "first_project": "no"}


def test_a_project_starts_another_from_the_same_answers(stackgen) -> None:
    own = ["--set", "license=proprietary", "--set", "database=sqlite"]
    first = ["new", "old", *answered(FOR_FLASK), *own, "--no-git"]
    assert stackgen(*first).returncode == 0
    words = ["--answers", "old/.copier-answers.yml", "--framework", "django", "--json", "--no-git"]
    result = stackgen("new", "other", *words).json
    assert result["framework"] == "django"
    assert result["options"]["license"] == "proprietary"
    assert result["options"]["project_name"] == "other"
    assert result["recommendation"]["overruled"] is True
    assert len(result["recommendation"]["answers"]) == len(FOR_FLASK)


def test_answers_come_through_a_pipe(stackgen) -> None:
    text = json.dumps({"answers": {"scope": "one-job", "style": "choose-parts"}})
    done = stackgen("recommend", "--answers", "-", "--json", stdin=text)
    assert done.json["answers"] == {"scope": "one-job", "style": "choose-parts"}


def test_recommend_has_the_promised_shape(stackgen) -> None:
    result = stackgen("recommend", *answered(FOR_FLASK), "--json").json
    assert list(result) == [
        "framework", "band", "score", "points", "reasons", "flips", "tensions", "caveats",
        "judgement", "unanswered", "passed", "silent_on", "answers", "precedents",
        "other_precedent",
    ]  # fmt: skip
    for one in result["precedents"]:
        assert list(one) == ["repository", "what", "framework", "year", "similarity"]
    assert len(result["precedents"]) == 3
    assert result["score"] == result["points"]["django"] - result["points"]["flask"] == -12
    assert result["band"] == "strong"
    for reason in result["reasons"]:
        assert {"question", "choice", "framework", "points", "claims", "section", "text"} <= set(
            reason
        )
        assert reason["points"] > 0


@pytest.mark.proof
def test_a_question_passed_by_a_flag_is_told_apart(stackgen, tmp_path: Path) -> None:
    """Also where a new project starts from the answers of another one."""
    words = answered(("scope=one-job", "style=dont-know", "data=elsewhere", "output=api-only",
                      "layer=thin-layer", "accounts=nobody", "team=dont-know"))  # fmt: skip
    result = stackgen("recommend", *words, "--json").json
    assert result["passed"] == ["style", "team"]
    assert {"style", "team"} <= set(result["unanswered"])
    assert result["answers"].keys().isdisjoint(result["passed"])
    stackgen("new", "shop", *words, "--no-git")
    again = stackgen("recommend", "--answers", "shop/.copier-answers.yml", "--json").json
    assert again["passed"] == ["style", "team"]
    record = (tmp_path / "shop/docs/decisions/0001-web-framework.md").read_text()
    assert "| `style`: not known |" in record
    assert "| `backoffice`: not answered |" in record


def test_only_dont_know_is_no_answer(stackgen) -> None:
    done = stackgen("recommend", "--answer", "scope=dont-know")
    assert done.returncode == 2
    assert "No question was answered" in done.stderr


def test_recommend_undecided_is_no_failure(stackgen) -> None:
    done = stackgen("recommend", "--answer", "lightness=yes", "--json")
    result = done.json
    assert (done.returncode, result["framework"], result["band"]) == (0, None, "not-enough")


@pytest.mark.parametrize("command", [["new", "shop"], ["recommend"]])
@pytest.mark.parametrize("stdin", ["closed", "null", "text", "idle"])
def test_without_a_terminal_nothing_waits_and_nothing_piped_is_an_answer(
    tmp_path: Path, command: list[str], stdin: str
) -> None:
    writing = None
    if stdin == "idle":
        reading, writing = os.pipe()
    elif stdin == "text":
        reading, end = os.pipe()
        os.write(end, b"1\n\n\nyes\n" * 20)
        os.close(end)
    else:
        reading = os.open(os.devnull, os.O_RDONLY)
    call = STACKGEN + command
    if stdin == "closed":
        call = ["sh", "-c", 'exec "$@" <&-', "sh", *call]
    try:
        done = subprocess.run(
            call,
            cwd=tmp_path,
            stdin=reading,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    finally:
        os.close(reading)
        if writing is not None:
            os.close(writing)
    assert done.returncode == 2
    assert "no terminal to ask at" in done.stderr
    assert files(tmp_path) == []


@pytest.mark.proof
def test_an_idle_pipe_of_answers_is_given_up(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    try:
        done = subprocess.run(
            [*STACKGEN, "recommend", "--answers", "-"],
            cwd=tmp_path, stdin=reading, capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip
    finally:
        os.close(reading)
        os.close(writing)
    assert done.returncode == 2
    assert "nothing came from stdin for 5 seconds, and it is still open" in done.stderr


@pytest.mark.parametrize("writer", ["nobody", "silent"])
@pytest.mark.proof
def test_a_silent_named_pipe_of_answers_is_given_up(stackgen, tmp_path: Path, writer: str) -> None:
    """Also where nobody ever opens its other end, which the system itself would wait for."""
    pipe = tmp_path / "answers"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR) if writer == "silent" else None
    began = time.monotonic()
    done = stackgen("recommend", "--answers", "answers")
    assert time.monotonic() - began < 20
    if held is not None:
        os.close(held)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "`--answers answers`: nothing came from the pipe for 5 seconds" in done.stderr


@pytest.mark.proof
def test_answers_come_through_a_named_pipe_that_is_written_late(tmp_path: Path) -> None:
    pipe = tmp_path / "answers"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [*STACKGEN, "recommend", "--answers", "answers", "--quiet"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        time.sleep(1)
        with pipe.open("w") as writing:
            for line in (
                "answers:\n",
                *(f"  {choice.replace('=', ': ')}\n" for choice in FOR_FLASK),
            ):
                writing.write(line)
                writing.flush()
                time.sleep(0.1)
        stdout, _ = process.communicate(timeout=30)
    assert (process.returncode, stdout) == (0, "flask\n")


@pytest.mark.parametrize(
    ("device", "message"),
    [("/dev/null", "`/dev/null` is empty"), ("/dev/zero", "`/dev/zero` is larger than 256 KiB")],
)
def test_a_device_is_read_as_far_as_an_answers_file_goes(
    stackgen, device: str, message: str
) -> None:
    done = stackgen("recommend", "--answers", device)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert message in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_stdout_that_is_full_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*STACKGEN, "compare"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == (
        "stackgen: The result cannot be written to stdout: No space left on device. "
        "Write it elsewhere.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [[], ["--json"], ["--quiet"]])
@pytest.mark.proof
def test_a_project_is_told_of_though_stdout_is_full(tmp_path: Path, words: list[str]) -> None:
    call = [*STACKGEN, "new", "shop", "--framework", "flask", *words]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            call, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"stackgen: `{tmp_path / 'shop'}` is made. The result cannot be written to stdout: "
        "No space left on device. Write it elsewhere.\n"
    )
    assert (tmp_path / "shop" / "README.md").is_file()


def test_a_project_is_told_of_though_nobody_reads(tmp_path: Path) -> None:
    words = [*STACKGEN, "new", "shop", "--framework", "flask"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        stderr = process.stderr.read()
    assert process.returncode == 1
    assert stderr == (
        f"stackgen: `{tmp_path / 'shop'}` is made. "
        "The result cannot be written to stdout: Broken pipe.\n"
    )


@pytest.mark.proof
def test_an_interrupted_call_is_an_object_too(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    words = ["recommend", "--answers", "-", "--json"]
    process = subprocess.Popen(
        [*STACKGEN, *words],
        cwd=tmp_path, stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(2)  # It waits for five.
    process.send_signal(signal.SIGTERM)
    stdout, stderr = process.communicate(timeout=20)
    os.close(reading)
    os.close(writing)
    done = Done(words, process.returncode, stdout, stderr)
    assert done.returncode == 130
    assert told(done.json) == "Interrupted. Nothing was left behind."


def test_what_the_answers_asked_for_in_vain_is_told_once(stackgen) -> None:
    words = ["--framework", "flask", "--set", "api=false", "--answer", "output=api-only"]
    said = stackgen("new", "shop", *words, "--dry-run").stderr
    assert said.count("You answered api-only to the question `output`") == 1
    assert "the option `frontend` stays templates. Without pages there must be an API" in said


def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path) -> None:
    words = [*STACKGEN, "new", "shop", "--framework", "django", "--dry-run"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert "Exception ignored" not in said
