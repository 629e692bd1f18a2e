"""`stackgen new` in a folder that is there: by flags, and at a real pseudo-terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import run
from screen import CTRL_C, ENTER, Terminal, stackgen
from template_history import PERSON, commit, git, snapshot

from stackgen.advice.loading import load_questionnaire

README = "# Words of our own\n"


@pytest.fixture(autouse=True)
def identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PERSON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "my-shop"
    folder.mkdir()
    git("init", "-q", "-b", "trunk", cwd=folder)
    (folder / "README.md").write_text(README)
    (folder / ".gitignore").write_text("*.log\n")
    commit(folder)
    return folder


def test_new_here(clone: Path) -> None:
    done = run("new", ".", "--defaults", "--existing", "merge", cwd=clone)
    assert done.returncode == 0
    assert done.stdout.startswith("Made my-shop with Django, ")
    assert "in one git commit on top of yours" in done.stdout
    assert "  cd " not in done.stdout, "one is there already"
    assert "README.stackgen.md says the rest" in done.stdout
    assert "`.gitignore` was merged.\n`README.md` was kept.\n" in done.stderr
    assert "The project's own README is `README.stackgen.md`" in done.stderr
    assert git("status", "--porcelain", cwd=clone) == ""
    again = run("new", ".", "--defaults", "--existing", "merge", cwd=clone)
    assert again.returncode == 2
    assert "`.copier-answers.yml` is in the way" in again.stderr


@pytest.mark.parametrize("words", [["--defaults"], ["--framework", "flask", "--dry-run"]])
def test_without_a_word_on_files_it_is_refused(clone: Path, words: list[str]) -> None:
    before = snapshot(clone)
    done = run("new", str(clone), *words, cwd=clone.parent)
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last == (
        f"stackgen: `.gitignore`, `README.md` are in `{clone}` already, and the project has other "
        "content there. Say what becomes of them: `--existing keep`, `replace` or `merge`."
    )
    assert snapshot(clone) == before


def test_a_dry_run_lists_the_files_and_tells_the_plan_apart(clone: Path) -> None:
    words = ("new", ".", "--framework", "flask", "--existing", "keep", "--dry-run")
    done = run(*words, cwd=clone)
    assert done.returncode == 0
    assert {"README.md", "README.stackgen.md", "pyproject.toml"} <= {*done.stdout.split("\n")}
    assert "`README.md` would be kept." in done.stderr
    assert "so that `.env` with its secrets is not committed" in done.stderr
    assert sorted(snapshot(clone)) == [".gitignore", "README.md"]


def test_json_tells_what_happened(clone: Path) -> None:
    done = run("new", ".", "--defaults", "--existing", "replace", "--json", cwd=clone)
    assert done.json["existing"] == [
        {"path": ".gitignore", "state": "replaced"},
        {"path": "README.md", "state": "replaced"},
    ]
    other = run("new", "../other", "--defaults", "--json", cwd=clone)
    assert other.json["existing"] == []
    assert other.json["path"] == str(clone.parent / "other")
    refused = run("new", "../my-shop", "--defaults", "--json", cwd=clone)
    assert refused.returncode == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["new", ".", "--existing", "overwrite"], "Choose one of: keep, replace, merge"),
        (["new", "..", "--defaults"], "`my-shop` is in the way"),
        (["new", ".git", "--defaults"], "inside a `.git` directory"),
    ],
)
def test_a_wrong_call_is_one_line(clone: Path, words: list[str], message: str) -> None:
    done = run(*words, cwd=clone)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_repository_that_will_not_do_is_refused_before_anything_is_asked(clone: Path) -> None:
    (clone / "README.md").write_text("edited\n")
    done = run("new", ".", cwd=clone)
    assert done.returncode == 2
    assert "has uncommitted changes: `README.md`" in done.stderr
    assert run("new", ".", "--defaults", "--existing=keep", "--no-git", cwd=clone).returncode == 0


def test_a_licence_that_says_otherwise_is_told(clone: Path) -> None:
    (clone / "LICENSE").write_text("GNU GENERAL PUBLIC LICENSE\n")
    commit(clone)
    done = run("new", ".", "--defaults", "--existing", "keep", cwd=clone)
    assert "`LICENSE` stays, but the option `license` is mit" in done.stderr


def test_below_a_repository_it_is_told_what_to_move(clone: Path) -> None:
    done = run("new", "services/shop", "--defaults", cwd=clone)
    assert done.returncode == 2
    (clone / "services").mkdir()
    done = run("new", "services/shop", "--defaults", cwd=clone)
    assert "It lies in a git repository already: commit it there." in done.stdout
    for name in (".github/", ".pre-commit-config.yaml"):
        assert f"`{name}` counts at the root of a repository alone. Move it to `{clone}`" in (
            done.stderr
        )
    assert "gitlab" not in done.stderr
    assert "counts at the root" not in run("new", "../own", "--defaults", cwd=clone).stderr


def test_an_unsigned_commit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[commit]\ngpgSign = true\n[gpg]\nprogram = /bin/false\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    done = run("new", "shop", "--defaults", cwd=tmp_path)
    assert done.returncode == 0
    assert "this one is not signed: `git commit --amend --no-edit -S` signs it." in done.stderr


@pytest.fixture
def answered() -> list[str]:
    """Answers to every question, so that an interview begins with its recommendation."""
    answers = [(q.id, q.choices[0].id) for q in load_questionnaire().questions]
    return [word for name, choice in answers for word in ("--answer", f"{name}={choice}")]


def reach(terminal: Terminal) -> None:
    """Go on as somebody who presses Enter throughout."""
    for title in ("Which framework?", "The same without questions"):
        terminal.wait_for(title)
        terminal.press(ENTER)


@pytest.mark.proof
def test_enter_merges(clone: Path, answered: list[str]) -> None:
    with stackgen(clone, "new", ".", *answered) as terminal:
        reach(terminal)
        terminal.wait_for("What is to become of them?")
        assert "README.md (keep: kept, replace: replaced, merge: kept)" in terminal.text
        assert "> 1. Merge where it is possible, else keep" in terminal.text
        terminal.press(ENTER)
        terminal.wait_for("`README.md` was kept")
        assert terminal.end() == 0
    assert (clone / "README.md").read_text() == README
    assert "__pycache__/" in (clone / ".gitignore").read_text()
    assert git("rev-list", "--count", "HEAD", cwd=clone) == "2"


@pytest.mark.parametrize("variables", [{"STACKGEN_LINEAR": "1"}, {"TERM": "dumb"}])
@pytest.mark.proof
def test_it_is_asked_line_by_line(
    clone: Path, answered: list[str], variables: dict[str, str]
) -> None:
    with stackgen(clone, "new", ".", *answered, **variables) as terminal:
        terminal.wait_for("Which framework?")
        terminal.press("\n")
        terminal.wait_for("Enter to make the project:")
        terminal.press("\n")
        terminal.wait_for("What is to become of them?")
        terminal.press("3\n")
        terminal.wait_for("`README.md` was replaced")
        assert terminal.end() == 0


def test_leaving_leaves_everything(clone: Path, answered: list[str]) -> None:
    before = snapshot(clone)
    with stackgen(clone, "new", ".", *answered) as terminal:
        reach(terminal)
        terminal.wait_for("What is to become of them?")
        terminal.press(CTRL_C)
        assert terminal.end() == 130
    assert snapshot(clone) == before
    assert git("rev-list", "--count", "HEAD", cwd=clone) == "1"


@pytest.mark.proof
def test_a_word_beforehand_is_not_asked_for(clone: Path, answered: list[str]) -> None:
    with stackgen(clone, "new", ".", *answered, "--existing", "replace") as terminal:
        terminal.wait_for("Which framework?")
        terminal.press(ENTER)
        terminal.wait_for("stackgen new . --existing replace")
        terminal.press(ENTER)
        terminal.wait_for("`README.md` was replaced")
        assert terminal.end() == 0


@pytest.mark.parametrize("words", [["--defaults"], ["--framework", "flask"]])
@pytest.mark.proof
def test_a_person_with_flags_is_asked_nothing(clone: Path, words: list[str]) -> None:
    with stackgen(clone, "new", ".", *words) as terminal:
        assert terminal.end() == 2
        assert "Say what becomes of them" in terminal.written
