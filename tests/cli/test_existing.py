"""`stackgen new` in a folder that is there: by flags, and at a real pseudo-terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest
from command_line import run
from template_history import PERSON, commit, git, snapshot

DOWN, ENTER, CTRL_C = "\x1b[B", "\r", "\x03"
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
    assert done.stdout.startswith(f"Made my-shop with Django: {clone}\n")
    assert "in one git commit on top of yours" in done.stdout
    assert "  cd " not in done.stdout, "one is there already"
    assert "README.stackgen.md says the rest." in done.stdout
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
def start(clone: Path):
    children = []

    def spawn(*words: str, **variables: str) -> pexpect.spawn:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "stackgen", "new", ".", *words],
            cwd=str(clone),
            env={**os.environ, "TERM": "xterm-256color", **variables},
            encoding="utf-8",
            dimensions=(50, 100),
            timeout=30,
        )
        child.delaybeforesend = 0.02
        children.append(child)
        return child

    yield spawn
    for child in children:
        child.close(force=True)


def finish(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def reach(child: pexpect.spawn) -> None:
    """Go through the interview as somebody who presses Enter throughout."""
    for title in ("Which framework\\?", "Make the project\\?"):
        child.expect(title)
        child.send(ENTER)
    child.expect("These files are there already")
    child.expect(r"README.md\s+\(keep: kept, replace: replaced, merge: kept\)")
    child.expect("What is to become of them\\?")


@pytest.fixture
def answered() -> list[str]:
    """Answers to every question, so that an interview begins with its recommendation."""
    from stackgen.advice.loading import load_questionnaire

    answers = [(q.id, q.choices[0].id) for q in load_questionnaire().questions]
    return [word for name, choice in answers for word in ("--answer", f"{name}={choice}")]


def test_enter_merges(start, clone: Path, answered: list[str]) -> None:
    child = start(*answered)
    reach(child)
    child.send(ENTER)
    child.expect("README.md. was kept")
    assert finish(child) == 0
    assert (clone / "README.md").read_text() == README
    assert "__pycache__/" in (clone / ".gitignore").read_text()
    assert git("rev-list", "--count", "HEAD", cwd=clone) == "2"


@pytest.mark.parametrize(("keys", "code"), [(DOWN * 3 + ENTER, 0), (CTRL_C, 130)])
def test_leaving_leaves_everything(
    start, clone: Path, answered: list[str], keys: str, code: int
) -> None:
    before = snapshot(clone)
    child = start(*answered)
    reach(child)
    child.send(keys)
    if code == 0:
        child.expect("Nothing was made")
    assert finish(child) == code
    assert snapshot(clone) == before
    assert git("rev-list", "--count", "HEAD", cwd=clone) == "1"


def test_a_word_beforehand_is_not_asked_for(start, answered: list[str]) -> None:
    child = start(*answered, "--existing", "replace")
    for title in ("Which framework\\?", "Make the project\\?"):
        child.expect(title)
        child.send(ENTER)
    child.expect("README.md. was replaced")
    assert finish(child) == 0


@pytest.mark.parametrize("words", [["--defaults"], ["--framework", "flask"]])
def test_a_person_with_flags_is_asked_nothing(start, words: list[str]) -> None:
    child = start(*words)
    child.expect("Say what becomes of them")
    assert finish(child) == 2
