"""How far projects lag behind, and what was changed in them."""

from __future__ import annotations

import os
import shutil

import pytest
from template_history import LAST, TAGS, commit, snapshot

from stackgen.project.drift import drift


def states(result):
    return {file.path: file.state for file in result.drifted}


def test_untouched_project_is_the_same_and_behind(project, history):
    before = snapshot(project)
    (result,) = drift([project], template=history.source(LAST))
    assert (result.error, result.behind, states(result)) == (None, True, {})
    assert {file.state for file in result.files} == {"same"}
    assert len(result.files) == len(before) - 1  # all but the answers file
    (result,) = drift([project], template=history.source(TAGS[0]))
    assert result.behind is False
    assert snapshot(project) == before


def test_edits_are_named(project, history):
    (project / "app/main.py").write_text("edited\n")
    (project / "legacy.py").unlink()
    (project / "README.md").unlink()
    (project / "README.md").symlink_to("docs")
    (project / "app/own.py").write_text("own\n")
    (project / "settings.py").write_bytes(
        (project / "settings.py").read_bytes().replace(b"\n", b"\r\n")
    )
    commit(project)
    (result,) = drift([project], template=history.source(LAST))
    expected = {"app/main.py": "edited", "legacy.py": "missing", "README.md": "edited"}
    assert states(result) == expected
    shutil.rmtree(project / ".git")
    (result,) = drift([project], template=history.source(LAST))
    assert states(result) == expected


def test_many_projects_and_one_that_is_none(project, history, tmp_path):
    other = history.project(tmp_path / "other", "v1.2.0")
    (tmp_path / "none").mkdir()
    broken = history.project(tmp_path / "broken", "v1.1.0")
    record = broken / ".copier-answers.yml"
    record.write_text(record.read_text().replace("stackgen.invalid", "evil.example"))
    found = list(drift([project, tmp_path / "none", other, broken], template=history.source(LAST)))
    assert [result.from_tag for result in found] == ["v1.0.0", "", "v1.2.0", ""]
    assert [bool(result.error) for result in found] == [False, True, False, True]


def test_what_cannot_be_read_is_one_error_and_ends_nothing(project, history, tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    pipe = history.project(tmp_path / "pipe", "v1.1.0")
    (pipe / ".copier-answers.yml").unlink()
    os.mkfifo(pipe / ".copier-answers.yml")
    found = list(drift([tmp_path / "one", pipe, project], template=history.source(LAST)))
    assert "ordinary file" in found[1].error
    assert [bool(each.error) for each in found] == [True, True, False]


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_folder_that_cannot_be_read_is_not_missing(project, history):
    (project / "docs").chmod(0)
    try:
        (found,) = drift([project], template=history.source(LAST))
    finally:
        (project / "docs").chmod(0o755)
    assert "Permission denied" in found.error
