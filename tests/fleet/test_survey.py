"""Many projects at once: each is told as it is, whatever the others are like."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from template_history import LAST, TAGS, commit, git, snapshot

from stackgen import git as git_calls
from stackgen.errors import RenderError, StackgenError
from stackgen.fleet.forecast import Forecast
from stackgen.fleet.survey import survey
from stackgen.project.drift import explained
from stackgen.updating.applying import update

EXCEPTION = '[[tool.stackgen.exceptions]]\nrule = "lag"\nbecause = "Soon."\nuntil = 2027-03-31\n'


def conflicting(project):
    text = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text(text.replace("main line 12\n", "mine\n"))
    commit(project)


def merging(project):
    (project / "docs/guide.md").write_text("mine\n" + (project / "docs/guide.md").read_text())
    commit(project)


def uncommitted(project):
    (project / "app/main.py").write_text("mine\n")


def in_the_way(project):
    (project / "app/api.py").write_text("mine\n")


def not_in_git(project):
    shutil.rmtree(project / ".git")


def in_a_merge(project):
    (project / ".git/MERGE_HEAD").write_text(git("rev-parse", "HEAD", cwd=project) + "\n")


def with_a_locked_index(project):
    (project / ".git/index.lock").touch()


def gone_and_edited(project):
    (project / "legacy.py").write_text("mine\n")
    commit(project)


def with_a_broken_record(project):
    (project / ".copier-answers.yml").write_text("{")


def untouched(_project):
    pass


CASES = [
    untouched,
    merging,
    conflicting,
    gone_and_edited,
    uncommitted,
    in_the_way,
    not_in_git,
    in_a_merge,
    with_a_locked_index,
    with_a_broken_record,
]


def everything(folder):
    """All files, git's own too, with their times."""
    return {
        path.relative_to(folder): (path.lstat().st_mode, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def what_the_update_does(project, source):
    try:
        result = update(project, template=source)
    except StackgenError as error:
        return Forecast(state="refused", reason=explained(error))
    state = "conflicts" if result.conflicts else "clean"
    return Forecast(state=state, conflicts=result.conflicts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_forecast_is_what_the_update_then_does(project, history, case):
    case(project)
    source = history.source(LAST)
    before, files = everything(project), snapshot(project)
    (status,) = survey([project], with_forecast=True, template=source)
    assert everything(project) == before
    assert snapshot(project) == files
    expected = what_the_update_does(project, source)
    assert status.forecast == expected
    assert status.conflicting is (case in {conflicting, gone_and_edited})


def test_what_is_not_behind_is_clean(project, history):
    uncommitted(project)
    (status,) = survey([project], with_forecast=True, template=history.source(TAGS[0]))
    assert status.forecast == Forecast(state="clean")
    assert (status.behind, status.drifted) == (False, True)


@pytest.mark.parametrize(("tag", "count"), [(LAST, 5), ("v1.2.0", 2), (TAGS[0], 0)])
def test_releases_are_counted(project, history, tag, count):
    (status,) = survey([project], template=history.source(tag))
    assert status.drift.releases == count


def test_what_a_project_records_besides_is_told(project, history):
    record = project / ".copier-answers.yml"
    recorded = record.read_text()
    (project / "pyproject.toml").write_text(EXCEPTION)
    (status,) = survey([project], template=history.source(LAST))
    assert status.drift.error is None
    assert [each.rule for each in status.drift.exceptions] == ["lag"]
    url = "https://example.com/s.git"
    record.write_text(f"{recorded}_standard: {{url: {url}, commit: {'a' * 40}}}\n")
    (status,) = survey([project], with_forecast=True, template=history.source(LAST))
    assert "follows a standard, which is not known here" in status.drift.error
    assert status.drift.standard.url == url
    assert status.forecast.state == "refused"
    record.write_text(f"{recorded}_standard: main\n")
    (status,) = survey([project], template=history.source(LAST))
    assert "`_standard` in" in status.drift.error


def test_exceptions_that_cannot_be_read_are_an_error_and_the_files_are_told(project, history):
    (project / "pyproject.toml").write_text("[tool")
    (project / "legacy.py").unlink()
    (status,) = survey([project], template=history.source(LAST))
    assert "pyproject.toml` cannot be read" in status.drift.error
    assert [file.path for file in status.drift.drifted] == ["legacy.py"]


def test_hostile_projects_are_one_error_each_and_end_nothing(project, history, tmp_path):
    """Whatever lies in one, those around it are told."""

    def another(name):
        return shutil.copytree(project, tmp_path / name, symlinks=True)

    paths = [project]
    (another("pipe") / ".copier-answers.yml").unlink()
    os.mkfifo(tmp_path / "pipe/.copier-answers.yml")
    (another("large") / ".copier-answers.yml").write_text("# " + "x" * 1024 * 1024)
    (another("bomb") / ".copier-answers.yml").write_text("a: &a [x]\nb: *a\n")
    (another("deep") / ".copier-answers.yml").write_text("a: " + "[" * 9000)
    escaping = another("escaping") / ".copier-answers.yml"
    escaping.write_text(escaping.read_text() + "framework: ../../etc\n")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("x")
    for name in ("pipe", "large", "bomb", "deep", "escaping", "loop", "file", "gone"):
        paths += [tmp_path / name, project]
    found = list(survey(paths, with_forecast=True, template=history.source(LAST)))
    assert [bool(each.drift.error) for each in found] == [False, *[True, False] * 8]
    assert {each.forecast.state for each in found if each.drift.error} == {"refused"}


def test_a_fault_of_stackgens_own_is_one_error(project, history, monkeypatch):
    calls = []

    def plan(path, **_):
        calls.append(path)
        if len(calls) == 1:
            raise KeyError("format")
        return real(path, **_)

    from stackgen.updating.planning import plan_update as real

    monkeypatch.setattr("stackgen.fleet.forecast.plan_update", plan)
    found = list(survey([project] * 2, with_forecast=True, template=history.source(LAST)))
    assert [bool(each.drift.error) for each in found] == [True, False]
    assert "KeyError" in found[0].drift.error


def test_git_that_waits_for_ever_is_one_refusal(project, history, monkeypatch):
    """An index that is a pipe: git would wait for whoever writes into it."""
    monkeypatch.setattr("stackgen.fleet.survey._PATIENCE", 1)
    (project / ".git/index").unlink()
    os.mkfifo(project / ".git/index")
    (status,) = survey([project], with_forecast=True, template=history.source(LAST))
    assert status.drift.error is None
    assert status.forecast.state == "refused"
    assert "did not end within 1 seconds" in status.forecast.reason


def test_patience_ends_with_its_context(tmp_path):
    with (
        git_calls.patience(0.01),
        pytest.raises(RenderError, match=r"did not end within 0\.01 seconds"),
    ):
        git_calls.run("-c", "alias.wait=!sleep 1", "wait", cwd=tmp_path)
    git_calls.run("version", cwd=tmp_path)


def test_several_look_at_the_same_projects_at_once(project, history):
    conflicting(project)
    before = everything(project)

    def look(_number):
        return list(survey([project] * 2, with_forecast=True, template=history.source(LAST)))

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(look, range(3)))
    assert all(each == found[0] for each in found)
    assert {status.forecast.state for status in found[0]} == {"conflicts"}
    assert everything(project) == before


def test_no_hook_is_run(project, history):
    for name in ("post-index-change", "pre-commit", "reference-transaction", "fsmonitor"):
        hook = project / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {project}/ran\n")
        hook.chmod(0o755)
    git("config", "core.fsmonitor", str(project / ".git/hooks/fsmonitor"), cwd=project)
    uncommitted(project)
    list(survey([project], with_forecast=True, template=history.source(LAST)))
    assert not (project / "ran").exists()


def test_a_partial_clone_is_forecast_without_what_it_lacks(project, history, tmp_path):
    """What differs and is not there may be needed, and is not fetched."""
    (project / "legacy.py").write_text("mine\n")
    (project / "app/main.py").write_text("mine\n")
    commit(project)
    git("config", "uploadpack.allowFilter", "true", cwd=project)
    clone = tmp_path / "clone"
    words = ("--filter=blob:none", "--sparse", f"file://{project}", str(clone))
    git("clone", "-q", *words, cwd=tmp_path)
    before = everything(clone)
    (status,) = survey([clone], with_forecast=True, template=history.source(LAST))
    assert everything(clone) == before
    assert "IndexError" not in f"{status.drift.error} {status.forecast.reason}"
    assert status.forecast == what_the_update_does(clone, history.source(LAST))


def test_a_difference_is_shown_as_git_shows_it(project, history):
    (project / "app/main.py").write_text("".join(f"main line {n}\n" for n in range(1, 24)))
    (project / "legacy.py").unlink()
    (project / "docs/guide.md").unlink()
    (project / "docs/guide.md").symlink_to("/dev/zero")
    template = history.source(TAGS[0])

    def diff(path):
        (status,) = survey([project], diff_of=path, template=template)
        return status.drift.diff

    assert "\n-main line 24\n" in diff("app/main.py")
    assert diff("legacy.py").count("\n-legacy line ") == 24
    assert diff("docs/guide.md") == "docs/guide.md: it is not a regular file.\n"
    assert diff("settings.py") == ""
    assert diff("../../../etc/passwd") is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RenderError("git cannot be run. Install git."), "git cannot be run. Install git."),
        (PermissionError(13, "Permission denied", "/x"), "`/x`: Permission denied."),
        (OSError("odd"), "odd."),
        (ValueError("It is odd."), "It cannot be read: ValueError: It is odd."),
        (ValueError(), "It cannot be read: ValueError."),
    ],
)
def test_an_error_is_one_sentence_and_names_a_class_of_pythons_only_for_a_fault(error, said):
    assert explained(error) == said
