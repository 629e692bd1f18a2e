"""How far projects lag behind, and what was changed in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

import pytest
from command_line import read_json
from template_history import LAST, TAGS, commit, snapshot

from stackgen.errors import RenderError
from stackgen.project.drift import drift
from stackgen.template.rendering import Renderer


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


@pytest.mark.proof
def test_many_projects_and_one_that_is_none(project, history, tmp_path):
    other = history.project(tmp_path / "other", "v1.2.0")
    (tmp_path / "none").mkdir()
    broken = history.project(tmp_path / "broken", "v1.1.0")
    record = broken / ".copier-answers.yml"
    record.write_text(record.read_text().replace("stackgen.invalid", "evil.example"))
    found = list(drift([project, tmp_path / "none", other, broken], template=history.source(LAST)))
    assert [result.from_tag for result in found] == ["v1.0.0", "", "v1.2.0", ""]
    assert [bool(result.error) for result in found] == [False, True, False, True]


def test_several_processes_keep_the_order(project, history, tmp_path, monkeypatch):
    paths = []
    for number in range(12):
        paths.append(tmp_path / f"shop-{number}")
        if number % 5:
            shutil.copytree(project, paths[-1], symlinks=True)
    monkeypatch.setattr("stackgen.project.several.Renderer", Renderer)
    monkeypatch.setattr("stackgen.project.several.processes", lambda _: 3)
    found = list(drift(paths, template=history.source(LAST)))
    assert [each.path for each in found] == paths
    assert [bool(each.error) for each in found] == [not number % 5 for number in range(12)]
    (same,) = {each.files for each in found if not each.error}
    assert {file.state for file in same} == {"same"}


def test_many_projects_left_alone_leave_nothing(project, history, tmp_path, monkeypatch):
    """A reader that wants no more than the first line."""
    monkeypatch.setattr("stackgen.project.several.Renderer", Renderer)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    compared = drift([project] * 12, template=history.source(LAST))
    assert next(compared).error is None
    compared.close()
    assert not list(tmp_path.glob("*stackgen-staging*"))


def test_what_cannot_be_read_is_one_error_and_ends_nothing(project, history, tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    pipe = history.project(tmp_path / "pipe", "v1.1.0")
    (pipe / ".copier-answers.yml").unlink()
    os.mkfifo(pipe / ".copier-answers.yml")
    found = list(drift([tmp_path / "one", pipe, project], template=history.source(LAST)))
    assert "regular file" in found[1].error
    assert [bool(each.error) for each in found] == [True, True, False]


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_folder_that_cannot_be_read_is_not_missing(project, history):
    (project / "docs").chmod(0)
    try:
        (found,) = drift([project], template=history.source(LAST))
    finally:
        (project / "docs").chmod(0o755)
    assert "Permission denied" in found.error


def test_without_a_temporary_folder_it_says_so(project, history, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(RenderError, match="No temporary folder can be made: No such file"):
        list(drift([project], template=history.source(LAST)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
@pytest.mark.proof
def test_a_full_disk_is_told_as_such(tmp_path, program):
    """The copy of the program is no git repository, so that it has no history to export."""
    words = f"{sys.executable} -m stackgen"
    script = (
        f"{words} new shop --defaults --quiet --no-git && mkdir small && "
        "mount -t tmpfs -o size=64k tmpfs small && export TMPDIR=$PWD/small && "
        f"{words} status shop --json; echo code $?"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(program / "src")},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if "code" not in done.stdout:
        pytest.skip(f"no private mount here: {done.stderr.strip()}")
    assert done.stdout.endswith("code 3\n")
    (found,) = read_json(
        ["status", "--json"], done.stdout[done.stdout.index("[") : done.stdout.rindex("code")]
    )
    assert found["error"].startswith("The project cannot be written: No space left on device.")
