"""What a killed run left is put right, and what only looks like it is not followed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from template_history import LAST, TemplateHistory, commit, git, snapshot

from stackgen.changes.files import fingerprint
from stackgen.errors import ProjectError
from stackgen.project.creation import generate
from stackgen.updating.applying import undo_update, update

STAGE = "stackgen-staging-0123456789abcdef"
NO_REFERENCE = {"name": "", "object": "", "previous": "", "reason": ""}

KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from stackgen.changes import {module}
from stackgen.updating.applying import update
from template_history import TemplateHistory
{module}.{name} = lambda *_: os._exit(9)
update(Path({project!r}), template=TemplateHistory(Path({repository!r})).source({tag!r}))
"""

Forge = Callable[..., Path]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "known.txt").write_text("known\n")
    return folder


@pytest.fixture
def forge(project: Path, outside: Path) -> Forge:
    """Commit to a project, as anybody can, what looks like the rest of a killed run."""

    def make(place: str = "work tree", **values: Any) -> Path:
        (project / "link").symlink_to(outside)
        stage = project / STAGE
        (stage / "old/link").mkdir(parents=True)
        (stage / "old/link/autostart.sh").write_text("echo hello\n")
        (stage / "new").mkdir()
        journal = {
            "moves": [],
            "made": [],
            "reference": NO_REFERENCE,
            "takes_back": False,
            "place": place,
        } | values
        (stage / "journal.json").write_text(json.dumps(journal))
        commit(project)
        return project

    return make


def writes() -> Mapping[str, Any]:
    missing = {"path": "README.md", "before": "100644 y", "after": ""}
    return {"moves": [{"path": "link/autostart.sh", "before": "100644 x", "after": ""}, missing]}


def takes(outside: Path) -> Mapping[str, Any]:
    after = fingerprint(outside / "known.txt")
    missing = {"path": "README.md", "before": "100644 y", "after": ""}
    return {"moves": [{"path": "link/known.txt", "before": "", "after": after}, missing]}


@pytest.mark.parametrize("place", ["work tree", "folder"])
@pytest.mark.parametrize("what", ["writes", "takes"])
def test_a_journal_that_came_with_the_project_is_not_followed(
    forge: Forge, history: TemplateHistory, outside: Path, place: str, what: str
) -> None:
    project = forge(place, **(writes() if what == "writes" else takes(outside)))
    before = snapshot(project), snapshot(outside)
    for run in (
        lambda: update(project, template=history.source(LAST)),
        lambda: undo_update(project),
        lambda: generate(project, {}, dry_run=True),
    ):
        with pytest.raises(ProjectError, match="is not of a run of yours"):
            run()
    assert (snapshot(project), snapshot(outside)) == before


def test_no_reference_is_deleted_for_it(forge: Forge, history: TemplateHistory) -> None:
    project = forge(reference={**NO_REFERENCE, "name": "refs/heads/keep"})
    (project / STAGE / "committed").touch()
    git("branch", "keep", cwd=project)
    with pytest.raises(ProjectError, match="is not of a run of yours"):
        update(project, template=history.source(LAST))
    assert git("rev-parse", "--verify", "refs/heads/keep", cwd=project)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"made": ["link", "."]}, "names `.`, which is no file of a project"),
        ({"made": ["../outside"]}, "names `../outside`, which is no file of a project"),
        ({"reference": {**NO_REFERENCE, "name": "refs/heads/keep"}}, "sets `refs/heads/keep`"),
        (writes(), "`{project}/link` is a link"),
    ],
)
def test_one_in_gits_own_directory_does_only_what_runs_do(
    forge: Forge, history: TemplateHistory, values: Mapping[str, Any], says: str
) -> None:
    """An archive brings that directory with it."""
    project = forge(**values)
    shutil.move(project / STAGE, project / ".git")
    commit(project)
    with pytest.raises(ProjectError) as refused:
        update(project, template=history.source(LAST))
    assert says.format(project=project) in str(refused.value)


def kill(project: Path, history: TemplateHistory, module: str, name: str) -> None:
    script = KILLED.format(
        tests=str(Path(__file__).parents[1]),
        module=module,
        name=name,
        project=str(project),
        repository=str(history.repository),
        tag=LAST,
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9


def in_conflict(project: Path) -> Path:
    text = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text(text.replace("main line 12\n", "mine-1\n"))
    commit(project)
    return project


def test_who_removes_the_lock_after_a_kill_keeps_the_conflicts(
    project: Path, history: TemplateHistory
) -> None:
    before = snapshot(in_conflict(project))
    kill(project, history, "work_tree", "WorkTree.conclude")
    (project / ".git/index.lock").unlink()  # as git advises
    git("status", cwd=project)  # which may write the index anew
    undo_update(project)
    assert snapshot(project) == before
    assert not git("ls-files", "--unmerged", cwd=project)
    assert update(project, template=history.source(LAST)).conflicts
    assert git("ls-files", "--unmerged", cwd=project)


def test_what_was_concluded_before_a_kill_stays(project: Path, history: TemplateHistory) -> None:
    kill(in_conflict(project), history, "transaction", "finish")
    git("status", cwd=project)
    with pytest.raises(ProjectError, match="conflict"):
        update(project, template=history.source(LAST))
    assert git("ls-files", "--unmerged", cwd=project)
    assert not (project / ".git" / STAGE).exists()


def test_a_folder_without_a_key_is_not_put_right_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no key can be kept nobody can tell whose the rest of a run is."""
    from stackgen.changes import seal

    monkeypatch.setattr(seal, "_place", lambda: None)
    seal.write_seal(tmp_path, b"{}")
    assert not seal.is_sealed(tmp_path, b"{}")
    assert list(tmp_path.iterdir()) == []


def test_a_seal_is_of_one_content_and_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stackgen.changes import seal

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "mine"))
    seal.write_seal(tmp_path, b"{}")
    assert seal.is_sealed(tmp_path, b"{}")
    assert not seal.is_sealed(tmp_path, b"[]")
    key = tmp_path / "mine/stackgen/key"
    assert key.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    assert not seal.is_sealed(tmp_path, b"{}")
    assert [path.name for path in key.parent.iterdir()] == ["key"]
