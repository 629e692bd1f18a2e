"""Taking an update back: what is still the update's goes back exactly, and nothing else moves."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from template_history import LAST, commit, git, snapshot

from stackgen.errors import ProjectError
from stackgen.updating.applying import undo_update, update


def updated(project, history):
    """Update a project with an edit that conflicts; return what it was."""
    text = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text(text.replace("main line 12\n", "mine\n"))
    commit(project)
    before = snapshot(project)
    assert update(project, template=history.source(LAST)).conflicts == ("app/main.py",)
    return before


def test_what_was_edited_since_is_kept_and_named(project, history):
    before = updated(project, history)
    merged = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text(f"{merged}later\n")
    (project / "docs/manual.md").write_text("mine\n")
    (project / "tools/run.sh").chmod(0o700)
    (project / "own.py").write_text("untouched\n")
    undone = undo_update(project)
    assert sorted(undone.kept) == ["app/main.py", "docs/manual.md", "tools/run.sh"]
    after = snapshot(project)
    assert (project / "app/main.py").read_text() == f"{merged}later\n"
    assert (project / "docs/manual.md").read_text() == "mine\n"
    assert stat.S_IMODE(after["tools/run.sh"][0]) == 0o700
    kept = {*undone.kept, "own.py"}
    assert {path: file for path, file in after.items() if path not in kept} == {
        path: file for path, file in before.items() if path not in kept
    }

    with pytest.raises(ProjectError, match=r"`app/main\.py`, `docs/manual\.md`, `tools/run\.sh`"):
        undo_update(project)
    assert snapshot(project) == after
    undo_update(project, discard_edits=True)
    assert snapshot(project) == {**before, "own.py": after["own.py"]}
    assert git("status", "--porcelain", cwd=project) == "?? own.py"
    with pytest.raises(ProjectError, match="has no update to undo"):
        undo_update(project)


def test_files_of_ones_own_in_a_folder_that_goes_are_kept(project, history):
    (project / "tools").write_text("mine\n")
    commit(project)
    before = snapshot(project)
    assert "tools~yours" in update(project, template=history.source(LAST)).conflicts
    (project / "tools/own.py").write_text("later\n")
    assert undo_update(project).kept == ("tools",)
    assert (project / "tools/own.py").read_text() == "later\n"
    (project / "tools/own.py").unlink()
    assert undo_update(project).kept == ()
    assert snapshot(project) == before


def test_after_a_commit_of_the_update(project, history):
    before = updated(project, history)
    (project / "docs/manual.md").write_text("mine\n")
    commit(project, "update")
    assert undo_update(project).kept == ("docs/manual.md",)
    after = snapshot(project)
    assert after.pop("docs/manual.md")[1] == b"mine\n"
    assert after == before
    assert "docs/manual.md" not in git("status", "--porcelain", cwd=project)


@pytest.mark.parametrize("how", ["reset", "branch"])
def test_where_the_update_is_not_nothing_is_undone(project, history, how):
    """Neither after `git reset --hard` nor on another branch is there anything of the update."""
    updated(project, history)
    if how == "branch":
        git("add", "--all", cwd=project)
        git("checkout", "-qb", "updated", cwd=project)
        commit(project, "update")
        git("checkout", "-q", "main", cwd=project)
    else:
        git("reset", "-q", "--hard", cwd=project)
    (project / "app/main.py").write_text("own commit\n")
    (project / "docs/manual.md").write_text("own file\n")
    commit(project, "own")
    before, status = snapshot(project), git("status", "--porcelain", cwd=project)
    with pytest.raises(ProjectError, match=r"`app/main\.py`, `docs/manual\.md`"):
        undo_update(project)
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == status == ""


def test_back_on_the_branch_of_the_update_it_is_undone(project, history):
    before = updated(project, history)
    git("add", "--all", cwd=project)
    git("checkout", "-qb", "updated", cwd=project)
    commit(project, "update")
    for number in range(3):
        (project / f"own-{number}.py").write_text("mine\n")
        commit(project, "own")
    git("checkout", "-q", "main", cwd=project)
    with pytest.raises(ProjectError, match="no update to undo"):
        undo_update(project)
    git("checkout", "-q", "updated", cwd=project)
    assert undo_update(project).kept == ()
    after = snapshot(project)
    assert {path: file for path, file in after.items() if not path.startswith("own-")} == before


def test_what_only_the_index_has_is_kept(project, history):
    update(project, template=history.source(LAST))
    written = (project / "README.md").read_bytes()
    (project / "README.md").write_text("staged alone\n")
    git("add", "README.md", cwd=project)
    (project / "README.md").write_bytes(written)
    git("add", "settings.py", cwd=project)  # what the update wrote: nothing is lost
    assert undo_update(project).kept == ("README.md",)
    assert (project / "README.md").read_bytes() == written
    assert git("show", ":README.md", cwd=project) == "staged alone"
    assert "settings.py" not in git("status", "--porcelain", cwd=project)


def test_after_the_history_was_rewritten_and_collected(project, history):
    before = updated(project, history)
    git("add", "--all", cwd=project)
    git("commit", "-q", "--amend", "-m", "other", cwd=project)
    git("reflog", "expire", "--expire=now", "--all", cwd=project)
    git("gc", "-q", "--prune=now", cwd=project)
    undo_update(project)
    assert snapshot(project) == before


def test_after_a_stash_and_its_return(project, history):
    before = snapshot(project)
    update(project, template=history.source(LAST))
    after = snapshot(project)
    git("stash", "-q", cwd=project)
    assert snapshot(project) == before
    with pytest.raises(ProjectError, match="no update to undo"):
        undo_update(project)
    git("stash", "pop", "-q", cwd=project)
    assert snapshot(project) == after
    assert undo_update(project).kept == ()
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""


@pytest.mark.parametrize("kind", ["crlf", "filter"])
def test_with_line_ends_and_filters(project, history, kind):
    """git stores other bytes than lie in the files, as with git-crypt or Git LFS."""
    if kind == "crlf":
        git("config", "core.autocrlf", "true", cwd=project)
    else:
        git("config", "filter.shift.clean", "tr a-z b-za", cwd=project)
        git("config", "filter.shift.smudge", "tr b-za a-z", cwd=project)
        (project / ".gitattributes").write_text("*.py filter=shift\n*.md filter=shift\n")
        git("add", "--renormalize", ".", cwd=project)
        commit(project)
    git("rm", "-rq", "--cached", ".", cwd=project)
    git("reset", "-q", "--hard", cwd=project)
    before = snapshot(project)
    assert git("status", "--porcelain", cwd=project) == ""
    update(project, discard_edits=True, template=history.source("v1.1.0"))
    assert snapshot(project) != before
    assert undo_update(project).kept == ()
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""


def test_nothing_is_removed_or_written_beyond_a_link(project, history, tmp_path):
    update(project, template=history.source(LAST))
    outside = Path(shutil.move(project / "tools", tmp_path / "outside"))
    (project / "tools").symlink_to(outside)
    before = snapshot(outside)
    assert set(undo_update(project).kept) == {"tools/run.sh", "tools/stop.sh"}
    assert snapshot(outside) == before


def test_a_record_that_leads_elsewhere_is_refused(project, history, tmp_path):
    """A repository may come from somebody else, with whatever references it has."""
    (tmp_path / "outside").write_text("precious\n")
    update(project, template=history.source(LAST))
    (name,) = git("for-each-ref", "--format=%(refname)", "refs/worktree", cwd=project).split()
    record = git("cat-file", "blob", f"{name}:record.json", cwd=project)
    forged = record.replace('"path": "app/api.py"', '"path": "../outside"')
    assert forged != record
    (tmp_path / "record").write_text(forged)
    blob = git("hash-object", "-w", str(tmp_path / "record"), cwd=project)
    (tmp_path / "tree").write_text(f"100644 blob {blob}\trecord.json\n")
    with (tmp_path / "tree").open("rb") as lines:
        tree = subprocess.run(
            ["git", "mktree"], cwd=project, stdin=lines, capture_output=True, text=True, check=True
        ).stdout.strip()
    git("update-ref", name, tree, cwd=project)
    before = snapshot(project)
    with pytest.raises(ProjectError, match=r"names `\.\./outside`"):
        undo_update(project)
    assert snapshot(project) == before
    assert (tmp_path / "outside").read_text() == "precious\n"


def test_modes_go_back(project, history):
    (project / "README.md").chmod(0o600)
    before = snapshot(project)
    mask = os.umask(0o077)
    try:
        update(project, template=history.source(LAST))
        undo_update(project)
    finally:
        os.umask(mask)
    assert snapshot(project) == before
