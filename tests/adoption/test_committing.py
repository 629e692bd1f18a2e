"""The answers file of an adopted project is committed alone, once, or the way to that is said."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from command_line import run_here
from template_history import LAST, PERSON, commit, git, snapshot, start_merge

from stackgen.adoption import adopt as door
from stackgen.adoption.adopt import adopt
from stackgen.errors import ProjectError
from stackgen.template.rendering import ANSWERS_FILE


@pytest.fixture(autouse=True, scope="module")
def _renders_once(cached_renderer):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stackgen.adoption.adopt.Renderer", cached_renderer)
        yield


@pytest.fixture(autouse=True)
def _person(monkeypatch, history):
    for name, value in PERSON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("stackgen.template.source.installed", lambda: history.source(LAST))


@pytest.fixture
def call(capsys):
    return run_here(capsys)


@pytest.fixture
def lost(history, tmp_path):
    """A project whose record is gone."""
    project = history.project(tmp_path / "a shop", "v1.2.0")
    (project / ANSWERS_FILE).unlink()
    commit(project, "without a record")
    return project


def follow(said: str, *, cwd: Path) -> None:
    """Do what was said to do next, as far as that is git's."""
    lines = said.split("Next:\n")[1].splitlines()
    commands = [shlex.split(line) for line in lines if line.startswith("  git ")]
    assert commands
    for words in commands:
        subprocess.run(words, cwd=cwd, env={**os.environ, **PERSON}, check=True)


def committed(project: Path, revision: str = "HEAD") -> set[str]:
    words = ("ls-tree", "-r", "-z", "--name-only", revision)
    return set(git(*words, cwd=project).split("\0")) - {""}


def test_what_to_do_next_commits_the_file_alone(lost, call):
    (lost / "own.txt").write_text("mine\n")
    git("add", "own.txt", cwd=lost)
    follow(call("adopt", lost).stderr, cwd=lost.parent)
    assert git("show", "--name-only", "--format=", cwd=lost) == ANSWERS_FILE
    assert git("status", "--porcelain", cwd=lost) == "A  own.txt"


@pytest.mark.parametrize("has_repository", [False, True])
def test_where_nothing_is_committed_all_of_it_is_to_be(lost, call, has_repository):
    shutil.rmtree(lost / ".git")
    if has_repository:
        git("init", "-q", cwd=lost)
    (lost / ".gitignore").write_text(".*\n")
    said = call("adopt", lost).stderr
    assert (" init\n" in said) is not has_repository
    follow(said, cwd=lost.parent)
    ignored = {".gitignore", ".gitattributes"}
    assert committed(lost) == snapshot(lost).keys() - ignored
    assert call("update", lost, "--dry-run").returncode == 0


def test_what_another_project_of_the_repository_has_is_not_committed(lost, call, tmp_path):
    """One that is in no commit there, beside what is."""
    shutil.rmtree(lost / ".git")
    git("init", "-q", cwd=tmp_path)
    (tmp_path / "first.txt").write_text("first\n")
    git("add", "first.txt", cwd=tmp_path)
    git("commit", "-qm", "first", cwd=tmp_path)
    (tmp_path / "other.txt").write_text("other\n")
    git("add", "other.txt", cwd=tmp_path)
    follow(call("adopt", lost).stderr, cwd=tmp_path)
    assert {path.partition("/")[0] for path in committed(tmp_path)} == {"first.txt", lost.name}


def test_in_the_middle_of_a_merge_that_is_to_be_finished_first(lost, call):
    start_merge(lost)
    (lost / "app/main.py").write_text("both\n")
    said = call("adopt", lost).stderr
    assert "is in the middle of a merge." in said.split("Next:")[0]
    assert "Finish it or abort it, as `git status` says; then commit." in said
    git("add", "app/main.py", cwd=lost)
    git("commit", "-qm", "merged", cwd=lost)
    follow(said, cwd=lost)
    assert git("show", "--name-only", "--format=", cwd=lost) == ANSWERS_FILE


@pytest.mark.parametrize("commits", [True, False])
def test_what_another_run_wrote_meanwhile_is_seen(lost, history, monkeypatch, commits):
    template = history.source(LAST)

    def after_another(*arguments: object, **more: object) -> object:
        monkeypatch.undo()
        for name, value in PERSON.items():
            monkeypatch.setenv(name, value)
        adopt(lost, commit=commits, template=template)
        return write(*arguments, **more)

    write = door.write
    monkeypatch.setattr(door, "write", after_another)
    with pytest.raises(ProjectError, match=r"follows 1\.2\.0 already"):
        adopt(lost, commit=commits, template=template)
    subjects = git("log", "--format=%s", cwd=lost).splitlines()
    assert subjects.count("Follow stackgen v1.2.0") == commits


@pytest.mark.parametrize("was_there", [True, False])
def test_what_a_person_wrote_meanwhile_stays(lost, history, monkeypatch, was_there):
    file = lost / ANSWERS_FILE
    if was_there:
        file.write_text("extras: false\n")

    def after_a_person(*arguments: object, **more: object) -> object:
        file.write_text("extras: false  # mine\n")
        return write(*arguments, **more)

    write = door.write
    monkeypatch.setattr(door, "write", after_a_person)
    with pytest.raises(ProjectError, match="changed meanwhile"):
        adopt(lost, template=history.source(LAST))
    assert file.read_text() == "extras: false  # mine\n"


def test_no_empty_commit_is_made(lost, history, call):
    adopt(lost, commit=True, template=history.source(LAST))
    head, content = git("rev-parse", "HEAD", cwd=lost), (lost / ANSWERS_FILE).read_bytes()
    git("rm", "-q", ANSWERS_FILE, cwd=lost)
    assert call("adopt", lost, "--commit").returncode == 0
    assert (lost / ANSWERS_FILE).read_bytes() == content
    assert git("rev-parse", "HEAD", cwd=lost) == head
    assert git("status", "--porcelain", cwd=lost) == ""


def test_a_commit_that_the_person_would_have_signed_is_told(lost, call):
    git("config", "commit.gpgSign", "true", cwd=lost)
    git("config", "gpg.format", "ssh", cwd=lost)
    git("config", "user.signingKey", str(lost.parent / "key"), cwd=lost)
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(lost.parent / "key")]
    if not shutil.which("ssh-keygen"):
        pytest.skip("needs ssh-keygen")
    subprocess.run(words, check=True)
    (lost / "own.txt").write_text("mine\n")
    git("add", "own.txt", cwd=lost)
    said = call("adopt", lost, "--commit").stderr
    assert "Your git signs commits, and this one is not signed: " in said
    assert "gpgsig" not in git("cat-file", "commit", "HEAD", cwd=lost)
    command = shlex.split(said.split("`")[1])
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert "gpgsig" in git("cat-file", "commit", "HEAD", cwd=lost)
    assert git("show", "--name-only", "--format=%s", cwd=lost).splitlines() == [
        "Follow stackgen v1.2.0",
        "",
        ANSWERS_FILE,
    ]
    assert git("status", "--porcelain", cwd=lost) == "A  own.txt"


def test_nothing_is_said_of_signatures_where_none_is_lacking(lost, call):
    assert "signs commits" not in call("adopt", lost, "--commit").stderr


@pytest.mark.parametrize("mode", [0o444, 0o600, 0o755])
def test_the_mode_of_the_file_stays(lost, history, mode):
    file = lost / ANSWERS_FILE
    file.write_text("extras: false\n")
    file.chmod(mode)
    adopt(lost, template=history.source(LAST))
    assert "_commit: v1.2.0" in file.read_text()
    assert file.stat().st_mode & 0o777 == mode
