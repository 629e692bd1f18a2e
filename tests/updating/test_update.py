"""Updates of real projects through a real history: nothing of a person's is ever lost."""

from __future__ import annotations

import os
import re
import shlex

import pytest
from template_history import LAST, TAGS, commit, git, snapshot

from stackgen.errors import ProjectError
from stackgen.updating.applying import undo_update, update
from stackgen.updating.planning import check_update, plan_update

TOKEN = re.compile(rb"mine-\w+")


def states(result):
    return {file.path: file.state for file in result.files}


def tokens(project):
    """Everything of the person's own that is in the files."""
    found = set()
    for _, content in snapshot(project).values():
        found |= set(TOKEN.findall(content))
    return found


def resolve(project, result):
    """Finish conflicts as a person in a hurry would: keep both sides."""
    for path in result.conflicts:
        file = project / path
        if file.is_file():
            lines = file.read_bytes().splitlines(keepends=True)
            marks = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
            file.write_bytes(b"".join(line for line in lines if not line.startswith(marks)))
    commit(project)


# What people do to projects, each with lines that can be found again.


def append(path, token):
    def edit(project):
        with (project / path).open("a", encoding="utf-8") as file:
            file.write(f"mine-{token}\n")

    return edit


def replace(path, number, token):
    def edit(project):
        lines = (project / path).read_text("utf-8").splitlines(keepends=True)
        lines[number - 1] = f"mine-{token}\n"
        (project / path).write_text("".join(lines), "utf-8")

    return edit


def insert(path, number, token):
    def edit(project):
        lines = (project / path).read_text("utf-8").splitlines(keepends=True)
        lines.insert(number - 1, f"mine-{token}\n")
        (project / path).write_text("".join(lines), "utf-8")

    return edit


def move(path, target, token=""):
    def edit(project):
        (project / target).parent.mkdir(parents=True, exist_ok=True)
        (project / path).rename(project / target)
        if token:
            append(target, token)(project)

    return edit


def write(path, text):
    def edit(project):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, "utf-8", newline="")

    return edit


def delete(*paths):
    def edit(project):
        for path in paths:
            (project / path).unlink()

    return edit


def link(path, target):
    def edit(project):
        (project / path).unlink()
        (project / path).symlink_to(target)

    return edit


def line_ends(path, token):
    def edit(project):
        text = (project / path).read_text("utf-8") + f"mine-{token}\n"
        (project / path).write_text(text, "utf-8", newline="\r\n")

    return edit


EDITS = {
    "end of a file that stays": append("app/__init__.py", "01"),
    "end of a file that changes": append("README.md", "02"),
    "beside lines that change": insert("app/main.py", 13, "03"),
    "the very line that changes": replace("app/main.py", 12, "04"),
    "top of a file": insert("app/main.py", 1, "05"),
    "a file that is renamed": replace("docs/guide.md", 10, "06"),
    "the line that changes in a file that is renamed": replace("docs/guide.md", 2, "07"),
    "a file that goes": append("legacy.py", "08"),
    "a file that moves with its folder": insert("scripts/run.sh", 15, "09"),
    "a deleted file": delete("tests/test_main.py"),
    "a deleted file that is renamed": delete("app/models.py"),
    "a renamed file that changes": move("tests/test_main.py", "tests/test_own.py", "12"),
    "a renamed file that is renamed": move("app/models.py", "app/records.py", "13"),
    "a file of one's own": write("app/own.py", "mine-14\n" * 3),
    "a file of one's own in a folder that moves": write("scripts/own.sh", "mine-15\n"),
    "a file of one's own where one comes": write("docs/faq.md", "mine-16\n"),
    "a binary file": write("data.bin", "\0mine-17\0"),
    "a name with spaces and umlauts": append("späte Datei.txt", "18"),
    "line ends of another system": line_ends("settings.py", "19"),
    "a link in a file's place": link("README.md", "docs"),
    "a comment among the recorded answers": insert(".copier-answers.yml", 2, "21"),
    "all lines": write("tests/test_main.py", "mine-22\n" * 20),
}
EDITS["a comment among the recorded answers"] = lambda project: (
    project / ".copier-answers.yml"
).write_text((project / ".copier-answers.yml").read_text() + "# mine-21\n")


# One after another all of them are made in the test below this one.
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.proof] if number % 3 else [])
        for number, name in enumerate(EDITS)
    ],
)
@pytest.mark.proof
def test_every_line_of_a_person_is_kept_or_in_a_conflict(project, history, name):
    EDITS[name](project)
    commit(project)
    before = snapshot(project)
    planned = plan_update(project, template=history.source(LAST))
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""
    expected = tokens(project)
    result = update(project, template=history.source(LAST))
    assert states(result) == states(planned)
    assert tokens(project) == expected
    assert_told(project, result, before)
    assert_undone(project, result, before)


def assert_told(project, result, before):
    """Assert that the listed states are what has happened."""
    after = snapshot(project)
    unmerged = {line.split("\t")[1] for line in listed(project, "ls-files", "-u", "-z")}
    assert unmerged == set(result.conflicts)
    for path, state in states(result).items():
        if state == "conflict":
            assert path in result.conflicts
        elif state == "unchanged":
            assert after[path] == before[path]
        elif state in {"updated", "merged"}:
            assert path in after
            assert after[path] != before.get(path)
        elif state == "added":
            assert path in after
            assert path not in before
        else:
            assert path not in after
    told = {path for path, state in states(result).items() if state != "unchanged"}
    assert {path for path in {*before, *after} if before.get(path) != after.get(path)} <= told
    assert b"_commit: v1.5.0\n" in after[".copier-answers.yml"][1]


def listed(project, *command):
    return [line for line in git(*command, cwd=project).split("\0") if line]


def assert_undone(project, result, before):
    assert git("diff", "--name-only", "HEAD", cwd=project)
    assert shlex.split(result.undo) == ["stackgen", "update", str(project), "--undo"]
    undo_update(project)
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""
    with pytest.raises(ProjectError, match="no update to undo"):
        undo_update(project)


@pytest.mark.proof
def test_a_person_who_did_everything_goes_from_release_to_release(project, history):
    for name in ("a renamed file that changes", "a renamed file that is renamed"):
        EDITS[name](project)
    for name, edit in EDITS.items():
        if "delete" not in name and "renamed file that" not in name and "all lines" not in name:
            edit(project)
    commit(project)
    expected = tokens(project)
    assert len(expected) >= 17
    for tag in TAGS[1:]:
        result = update(project, template=history.source(tag))
        assert tokens(project) == expected, tag
        resolve(project, result)
        assert tokens(project) == expected, tag
    assert not result.behind or result.from_tag == TAGS[-2]
    assert check_update(project, template=history.source(LAST)).behind is False


def test_untouched_project_becomes_a_fresh_one(project, history, tmp_path):
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ()
    fresh = history.project(tmp_path / "fresh" / "shop", LAST, extras=True, database="sqlite")
    assert snapshot(project) == snapshot(fresh)
    assert states(result)["docs/manual.md"] == "added"
    assert states(result)["legacy.py"] == "deleted"
    assert not (project / "scripts").exists()
    assert os.access(project / "tools/run.sh", os.X_OK)
    assert result.defaulted == {"theme": "light", "more": True}
    assert "+main line 0" in git("diff", cwd=project)
    assert "+api line 1" in git("diff", "HEAD", cwd=project)
