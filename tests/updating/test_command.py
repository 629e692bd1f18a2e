"""`stackgen update` and `stackgen status` as another program sees them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run_here
from template_history import LAST, commit, git, snapshot

from stackgen.template import source

KEYS = {"path", "from", "to", "behind", "files", "conflicts", "error"}
STATUS_KEYS = KEYS | {"lag", "standard", "rules", "exceptions"}


@pytest.fixture
def stackgen(history, monkeypatch, capsys):
    """Call the command line as an installation of the last release."""
    monkeypatch.setattr(source, "installed", lambda: history.source(LAST))
    monkeypatch.setattr(source, "template_root", lambda: history.source(LAST).root)
    monkeypatch.setattr(source, "version", lambda: LAST.removeprefix("v"))

    call = run_here(capsys)

    def run(*words):
        done = call(*words)
        return done.returncode, done.stdout, done.stderr

    return run


def conflict(project):
    text = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text(text.replace("main line 12\n", "mine\n"))
    commit(project)


def test_update_in_words(stackgen, project):
    code, out, err = stackgen("update", project)
    assert code == 0
    assert out.startswith("Updated shop from 1.0.0 to 1.5.0:\n")
    assert "\n  added         app/api.py\n" in out
    assert "unchanged\n" in out
    assert f"\nReview: git -C {project} diff HEAD\n" in out
    assert f"\nUndo:   stackgen update {project} --undo\n" in out
    assert err == (
        "New option `theme` is light; `stackgen update --set theme=VALUE` changes it.\n"
        "New option `more` is true; `stackgen update --set more=VALUE` changes it.\n"
    )
    code, out, _ = stackgen("update", project, "--undo")
    assert code == 0
    assert out.startswith("The last update is undone: ")
    assert git("status", "--porcelain", cwd=project) == ""


def test_update_with_conflicts_needs_a_person(stackgen, project):
    conflict(project)
    code, out, _ = stackgen("update", project)
    assert code == 3
    assert "\n  conflict      app/main.py\n" in out
    assert "\nFinish: 1 in conflict; edit, then `git add` or `git rm` each.\n" in out


def test_update_as_json(stackgen, project):
    conflict(project)
    before = snapshot(project)
    code, planned, _ = stackgen("update", project, "--dry-run", "--json")
    assert code == 3
    assert snapshot(project) == before
    code, out, _ = stackgen("update", project, "--json")
    assert code == 3
    result = json.loads(out)
    assert result == json.loads(planned)
    assert result.keys() == {*KEYS, "discarded"}
    assert (result["from"], result["to"], result["behind"]) == ("1.0.0", "1.5.0", True)
    assert result["conflicts"] == ["app/main.py"]
    assert {"path": "legacy.py", "state": "deleted"} in result["files"]
    assert result["error"] is None
    assert result["path"] == str(project)


def test_update_as_markdown_is_what_was_planned(stackgen, project):
    conflict(project)
    code, planned, _ = stackgen("update", project, "--dry-run", "--markdown")
    assert code == 3
    code, out, _ = stackgen("update", project, "--markdown")
    assert (code, out) == (3, planned)
    assert out.startswith("stackgen `1.0.0` to `1.5.0`.\n\nFiles: 1 in conflict, ")
    assert "\n## In conflict\n\n- `app/main.py`\n" in out
    assert "\n- added: `app/api.py`\n" in out


def test_dry_run_shows_the_same_and_writes_nothing(stackgen, project):
    before = snapshot(project)
    code, out, _ = stackgen("update", project, "--dry-run")
    assert code == 0
    assert out.startswith("Would update shop from 1.0.0 to 1.5.0:\n")
    assert "Undo" not in out
    code, out, _ = stackgen("update", project, "--dry-run", "--diff")
    assert "\n+main line 0\n" in out
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""
    assert stackgen("update", project, "--diff")[0] == 2


def test_check_says_whether_it_is_behind(stackgen, project):
    code, out, _ = stackgen("update", project, "--check")
    assert (code, out) == (3, "shop follows 1.0.0; 1.5.0 is installed: `stackgen update`.\n")
    stackgen("update", project)
    commit(project)
    code, out, _ = stackgen("update", project, "--check")
    assert (code, out) == (0, "shop follows 1.5.0, the installed version.\n")
    code, out, _ = stackgen("update", project, "--check", "--json")
    assert json.loads(out)["behind"] is False
    assert stackgen("update", project)[:2] == (
        0,
        "shop follows 1.5.0, and there is nothing to change.\n",
    )


def test_errors_are_one_line_and_an_object(stackgen, project, tmp_path):
    (tmp_path / "none").mkdir()
    code, out, err = stackgen("update", tmp_path / "none")
    assert (code, out) == (2, "")
    assert err.startswith("stackgen: `")
    assert err.count("\n") == 1
    code, out, err = stackgen("update", tmp_path / "none", "--json")
    assert code == 2
    assert json.loads(out).keys() == {*KEYS, "discarded"}
    assert json.loads(out)["path"] == str(tmp_path / "none")
    assert json.loads(out)["error"] in err
    assert stackgen("update", project, "--undo")[0] == 2


def test_set_changes_an_option(stackgen, project):
    code, out, _ = stackgen("update", project, "--set", "theme=dark", "--set", "extras=no")
    assert code == 0
    assert "deleted       extras/one.py" in out
    assert "theme: dark\n" in (project / ".copier-answers.yml").read_text()
    commit(project)
    code, out, _ = stackgen("update", project, "--set", "theme=light")
    assert out.startswith("Updated shop within 1.5.0:\n")


def test_edits_go_only_on_request(stackgen, project):
    (project / "extras/one.py").write_text("mine\n")
    commit(project)
    code, _, err = stackgen("update", project, "--set", "extras=no")
    assert code == 2
    assert "`extras/one.py`. Give `--discard-edits` to delete them anyway.\n" in err
    assert (project / "extras/one.py").exists()
    changes = ("--set", "extras=no", "--discard-edits")
    _, out, _ = stackgen("update", project, *changes, "--dry-run", "--json")
    assert json.loads(out)["discarded"] == ["extras/one.py"]
    code, _, _ = stackgen("update", project, *changes)
    assert code == 0
    assert not (project / "extras").exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--undo", "--dry-run"), "`--undo` and `--dry-run` contradict each other."),
        (("--undo", "--json"), "`--undo` and `--json` contradict each other."),
        (("--undo", "--markdown"), "`--undo` and `--markdown` contradict each other."),
        (("--check", "--markdown"), "`--check` and `--markdown` contradict each other."),
        (("--dry-run", "--diff", "--markdown"), "`--diff` and `--markdown` contradict each other."),
        (("--check", "--set", "extras=true"), "`--check` and `--set` contradict each other."),
        (("--diff",), "`--diff` belongs to `--dry-run`."),
    ],
)
def test_no_flag_is_left_aside(stackgen, project, flags, said):
    assert stackgen("update", project)[0] == 0
    before = snapshot(project)
    code, out, err = stackgen("update", project, *flags)
    assert code == 2
    assert bool(out) == ("--json" in flags)
    assert said in err
    assert snapshot(project) == before


def test_another_framework_is_another_project(stackgen, project):
    code, _, err = stackgen("update", project, "--set", "framework=flask")
    assert code == 2
    record = project / ".copier-answers.yml"
    command = f"`stackgen new {project}-flask --answers {record} --framework flask`"
    assert f"{command} does that.\n" in err


def test_quiet_prints_nothing(stackgen, project):
    code, out, _ = stackgen("update", project, "--quiet", "--set", "theme=dark")
    assert (code, out) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_what_was_done_is_told_though_stdout_is_full(stackgen, project, monkeypatch):
    reason = (
        "The result cannot be written to stdout: No space left on device. Write it elsewhere.\n"
    )
    for flags, done in (
        ((), f"`{project}` is updated; `stackgen update {project} --undo` takes that back."),
        (("--undo",), f"The last update of `{project}` is undone."),
        (("--dry-run",), ""),
    ):
        with Path("/dev/full").open("w") as full, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", full)
            code, _, err = stackgen("update", project, *flags)
        assert code == 1
        assert err.splitlines(keepends=True)[-1] == f"stackgen: {done} {reason}".replace("  ", " ")


def test_status_of_many(stackgen, project, tmp_path, history):
    other = history.project(tmp_path / "other", LAST)
    code, out, _ = stackgen("status", other)
    assert (code, out) == (0, f"{other}: 1.5.0; files: 20 same, 0 edited, 0 missing\n")
    (project / "legacy.py").unlink()
    code, out, _ = stackgen("status", project, other)
    assert code == 3
    assert f"{project}: 1.0.0, behind 1.5.0; files: 18 same, 0 edited, 1 missing\n" in out
    assert "  missing  legacy.py\n" in out
    code, out, _ = stackgen("status", other, tmp_path, "--json")
    assert code == 3
    found = json.loads(out)
    assert [each["error"] is None for each in found] == [True, False]
    assert all(each.keys() == STATUS_KEYS for each in found)


def test_status_of_a_fleet(stackgen, project, tmp_path, history):
    """Found below a folder, with what an update would do, in every form."""
    conflict(project)
    other = history.project(tmp_path / "team/other", LAST)
    broken = history.project(tmp_path / "team/broken", LAST)
    (broken / ".copier-answers.yml").write_text("{")
    (tmp_path / "none").mkdir()
    code, out, err = stackgen("status", "--discover", tmp_path, "--forecast", "--json")
    assert (code, err) == (3, "1 folder holds no project of stackgen's.\n")
    found = {Path(each["path"]).name: each for each in json.loads(out)}
    assert list(found) == ["shop", "broken", "other"]
    assert found["shop"]["forecast"] == {
        "state": "conflicts",
        "conflicts": ["app/main.py"],
        "reason": None,
    }
    assert (found["shop"]["lag"], found["shop"]["standard"], found["shop"]["exceptions"]) == (
        5,
        None,
        [],
    )
    assert found["other"]["forecast"] == {"state": "clean", "conflicts": [], "reason": None}
    assert found["broken"]["forecast"]["state"] == "refused"
    code, out, err = stackgen("status", "--discover", tmp_path, "--only", "conflicting")
    assert code == 3
    assert [line.split()[0] for line in out.splitlines()[2:-2]] == ["shop"]
    assert err.endswith("With an error or a rule that fails: 1. `--only failing` shows them.\n")
    for form, begins in (
        ("--markdown", "# Projects and stackgen 1.5.0\n"),
        ("--html", "<!doctype"),
    ):
        code, out, _ = stackgen("status", project, other, "--forecast", form)
        assert code == 3
        assert out.startswith(begins)
    code, out, _ = stackgen("status", other, "--only", "behind", "--json")
    assert (code, out) == (0, "[]\n")


def test_status_of_many_is_a_table(stackgen, project):
    code, out, _ = stackgen("status", *[project] * 6)
    assert code == 3
    assert out.splitlines()[1].split()[:3] == ["PROJECT", "VERSION", "BEHIND"]
    assert len(out.splitlines()) == 2 + 6 + 2
    _, short, _ = stackgen("status", project, "--table")
    assert short.splitlines()[:3] == out.splitlines()[:3]
    assert stackgen("status", project, "--table", "--quiet") == (3, "", "")


def test_status_shows_what_was_changed_in_a_file(stackgen, project, tmp_path, history):
    conflict(project)
    other = history.project(tmp_path / "other", LAST)
    code, out, _ = stackgen("status", project, other, "--diff", "./app/main.py")
    assert code == 3
    assert out.startswith(f"{project}:\ndiff --git template/app/main.py project/app/main.py\n")
    assert "\n-main line 12\n+mine\n" in out
    assert str(other) not in out
    code, out, err = stackgen("status", project, "--diff", "none.py")
    assert (code, out) == (2, "")
    assert "`none.py` is not a file that the template made in any of these projects" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "late"], "Choose one of: behind, drifted, conflicting, failing."),
        (["--html", "--json"], "`--json` and `--html` contradict each other"),
        (["--diff", "x", "--markdown"], "`--diff` and `--markdown` contradict each other"),
        (["--discover", "gone"], "is not a directory. Name a folder below which"),
    ],
)
def test_status_refuses_what_does_not_go_together(stackgen, words, said):
    code, out, err = stackgen("status", *words)
    assert code == 2
    assert said in err
    assert "<" not in out


def test_no_control_character_of_a_file_name_reaches_the_terminal(stackgen, project):
    git("mv", "app/models.py", "app/\x1b]0;x\x07.py", cwd=project)
    commit(project)
    for words in (["update", project, "--dry-run"], ["status", project]):
        _, out, err = stackgen(*words)
        assert "\x1b" not in out + err


def test_looking_for_an_update_imports_nothing_heavy(project):
    words = ["update", str(project), "--check"]
    script = f"import sys; from stackgen.cli.app import run\nrun({words!r})\nprint(*sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert not {"copier", "questionary", "plumbum", "jinja2"} & set(done.stdout.split())
