"""Updates wherever a project lives, and whatever git is told to do there."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys

import pytest
from template_history import LAST, TAGS, commit, git, snapshot

from stackgen.errors import ProjectError
from stackgen.project.drift import drift
from stackgen.updating.applying import undo_update, update
from stackgen.updating.planning import plan_update


def edit(project):
    """An edit that merges, one in the same lines, and a deleted file."""
    text = (project / "app/main.py").read_text()
    edited = text.replace("main line 12\n", "mine-1\n").replace("line 18\n", "line 18\nmine-2\n")
    (project / "app/main.py").write_text(edited)
    (project / "tests/test_main.py").unlink()
    commit(project)


def assert_updates(project, history, **changes):
    """Update an edited project, look at the result, and take it back."""
    before = snapshot(project)
    status = git("status", "--porcelain", cwd=project)
    result = update(project, changes, template=history.source(LAST))
    told = {file.path: file.state for file in result.files}
    assert result.conflicts == ("app/main.py",)
    assert told["tests/test_main.py"] == "kept-deleted"
    assert told["docs/manual.md"] == "added"
    merged = (project / "app/main.py").read_text()
    assert "mine-1\n||||||| " in merged
    assert "line 18\nmine-2\n" in merged
    assert "<<<<<<< yours\n" in merged
    assert f">>>>>>> {LAST}\n" in merged
    unmerged = git("ls-files", "-u", "--", ".", cwd=project)
    assert [line.split()[2] for line in unmerged.splitlines()] == ["1", "2", "3"]
    assert plan_is_refused_while_unmerged(project, history)
    undo_update(project)
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == status


def plan_is_refused_while_unmerged(project, history):
    with pytest.raises(ProjectError, match="has open conflicts: `"):
        plan_update(project, {"database": "postgresql"}, template=history.source(LAST))
    return True


def test_at_the_top_of_a_repository(project, history):
    edit(project)
    assert_updates(project, history)


@pytest.mark.parametrize("place", ["services/shop", "dienste/müll eimer/-x", "a*b/[c]/:(top)"])
def test_in_a_part_of_a_repository(project, history, tmp_path, place):
    top = tmp_path / "company"
    shutil.copytree(project, top / place, ignore=shutil.ignore_patterns(".git"))
    (top / "README.md").write_text("company\n")
    (top / "app").mkdir()
    (top / "app/main.py").write_text("another one\n")
    git("init", "-q", cwd=top)
    commit(top)
    edit(top / place)
    (top / "README.md").write_text("uncommitted\n")
    assert_updates(top / place, history)
    assert (top / "README.md").read_text() == "uncommitted\n"


def test_two_projects_of_one_repository(project, history, tmp_path):
    top = tmp_path / "company"
    for name in ("one", "two"):
        shutil.copytree(project, top / name, ignore=shutil.ignore_patterns(".git"))
    git("init", "-q", cwd=top)
    commit(top)
    before = snapshot(top)
    update(top / "one", template=history.source(LAST))
    update(top / "two", template=history.source(LAST))
    undo_update(top / "one")
    undo_update(top / "two")
    assert snapshot(top) == before


def test_in_a_worktree(project, history, tmp_path):
    edit(project)
    git("worktree", "add", "-q", str(tmp_path / "tree"), cwd=project)
    assert_updates(tmp_path / "tree", history)


def test_in_a_submodule(project, history, tmp_path):
    edit(project)
    git("init", "-q", "company", cwd=tmp_path)
    add = ("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(project), "shop")
    git(*add, cwd=tmp_path / "company")
    assert_updates(tmp_path / "company/shop", history)


def test_in_a_shallow_clone(project, history, tmp_path):
    edit(project)
    git("clone", "-q", "--depth=1", f"file://{project}", "shallow", cwd=tmp_path)
    assert_updates(tmp_path / "shallow", history)


def test_in_a_clone_that_borrows_objects(project, history, tmp_path):
    edit(project)
    git("clone", "-q", "--shared", str(project), "borrowing", cwd=tmp_path)
    clone = tmp_path / "borrowing"
    (clone / ".git/objects/info/alternates").write_text("../../../shop/.git/objects\n")
    assert_updates(clone, history)


def test_in_a_partial_clone_without_its_origin(project, history, tmp_path):
    edit(project)
    git("config", "uploadpack.allowFilter", "true", cwd=project)
    git("clone", "-q", "--filter=blob:none", f"file://{project}", "partial", cwd=tmp_path)
    git("remote", "set-url", "origin", "https://stackgen.invalid/x", cwd=tmp_path / "partial")
    assert_updates(tmp_path / "partial", history)


def test_on_a_detached_head(project, history):
    edit(project)
    git("checkout", "-q", "--detach", cwd=project)
    assert_updates(project, history)


def test_in_a_repository_of_longer_hashes(project, history):
    shutil.rmtree(project / ".git")
    git("init", "-q", "--object-format=sha256", cwd=project)
    commit(project)
    edit(project)
    assert_updates(project, history)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"core.hooksPath": "hooks"}, id="failing hooks"),
        pytest.param(
            {"commit.gpgSign": "true", "gpg.program": "false"},
            id="signing",
            marks=pytest.mark.proof,
        ),
        pytest.param({"merge.conflictStyle": "merge", "merge.renames": "false"}, id="merge"),
        pytest.param(
            {"diff.external": "false", "diff.noprefix": "true"}, id="diff", marks=pytest.mark.proof
        ),
        pytest.param(
            {"core.fsmonitor": "false-monitor", "core.untrackedCache": "true"},
            id="fs",
            marks=pytest.mark.proof,
        ),
        pytest.param({"core.splitIndex": "true", "index.version": "4"}, id="index"),
        pytest.param(
            {"status.showUntrackedFiles": "no", "core.quotePath": "false"},
            id="status",
            marks=pytest.mark.proof,
        ),
        pytest.param({"core.safecrlf": "true", "core.autocrlf": "input"}, id="safecrlf"),
        pytest.param(
            {"user.useConfigOnly": "true", "user.name": "", "user.email": ""},
            id="who",
            marks=pytest.mark.proof,
        ),
        pytest.param({"core.fileMode": "false"}, id="modes", marks=pytest.mark.proof),
    ],
)
def test_under_any_configuration(project, history, settings):
    edit(project)
    (project / ".git/hooks-off").mkdir()
    hooks = project / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "post-index-change", "post-checkout", "reference-transaction"):
        (hooks / name).write_text("#!/bin/sh\ntouch ran; exit 1\n")
        (hooks / name).chmod(0o755)
    for name, value in settings.items():
        git("config", name, value, cwd=project)
    assert_updates(project, history)
    assert not (project / "ran").exists()


def test_with_line_ends_of_another_system(project, history):
    edit(project)
    git("config", "core.autocrlf", "true", cwd=project)
    git("rm", "-rq", "--cached", ".", cwd=project)
    git("reset", "-q", "--hard", cwd=project)
    assert b"\r\n" in (project / "app/models.py").read_bytes()
    assert git("status", "--porcelain", cwd=project) == ""
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ("app/main.py",)
    for name in ("app/tables.py", "app/api.py", "app/main.py", "settings.py"):
        content = (project / name).read_bytes()
        assert content.count(b"\r\n") == content.count(b"\n") > 0, name
    assert "settings.py" in git("diff", "--stat", cwd=project)
    undo_update(project)
    assert snapshot(project) == before


def test_committed_line_ends_of_another_system_stay(project, history):
    """Not every line differs: git merges what was edited, and the file keeps its line ends."""
    main = project / "app/main.py"
    edited = main.read_bytes().replace(b"line 7\n", b"line 7\nmine\n")
    main.write_bytes(edited.replace(b"\n", b"\r\n"))
    legacy = project / "legacy.py"
    legacy.write_bytes(legacy.read_bytes().replace(b"\n", b"\r\n"))
    commit(project)
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ()
    content = main.read_bytes()
    assert b"line 7\r\nmine\r\n" in content
    assert b"main line 12 1.5\r\n" in content
    assert content.count(b"\n") == content.count(b"\r\n")
    assert not legacy.exists()
    undo_update(project)
    assert snapshot(project) == before


@pytest.mark.parametrize("fetched", [True, False])
def test_files_that_git_lfs_keeps_elsewhere(project, history, fetched):
    """What git has is a pointer, and what lies in the project is the file or the pointer."""
    content = (project / "data.bin").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    version = "version https://git-lfs.github.com/spec/v1"
    pointer = f"{version}\noid sha256:{digest}\nsize {len(content)}\n"
    clean = "sed -n '1p' >/dev/null; cat >/dev/null"  # stands for `git lfs clean`
    git("config", "filter.lfs.clean", f"{clean}; printf '{pointer}'", cwd=project)
    (project / ".gitattributes").write_text("*.md text\ndata.bin filter=lfs\n")
    git("add", "--renormalize", ".", cwd=project)
    commit(project)
    if not fetched:
        git("config", "--unset", "filter.lfs.clean", cwd=project)
        (project / "data.bin").write_text(pointer)
        git("add", "data.bin", cwd=project)
    assert git("status", "--porcelain", cwd=project) == ""
    (found,) = drift([project], template=history.source(TAGS[0]))
    assert "data.bin" not in {file.path for file in found.drifted}
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ()
    assert (project / "data.bin").read_bytes() == b"\0\1\3" * 50
    undo_update(project)
    assert snapshot(project) == before


def test_a_package_that_goes_leaves_no_cache(project, history):
    cache = project / "extras/__pycache__/one.cpython-311.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"cache")
    (project / ".gitignore").write_text("__pycache__/\n")
    commit(project)
    update(project, {"extras": False}, template=history.source(TAGS[0]))
    assert not (project / "extras").exists()
    undo_update(project)
    assert (project / "extras/one.py").is_file()


def test_a_folder_that_becomes_a_file_and_a_file_that_becomes_a_folder(project, history):
    cache = project / "assets/__pycache__"
    cache.mkdir()
    (cache / "x.pyc").write_bytes(b"cache")
    (project / ".gitignore").write_text("__pycache__/\n")
    commit(project)
    before = {path: file for path, file in snapshot(project).items() if "__pycache__" not in path}
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ()
    assert (project / "assets").is_file()
    assert (project / "plan/first.md").is_file()
    staged = git("diff", "--cached", "--name-status", "--no-renames", cwd=project).splitlines()
    both = {"A\tassets", "D\tassets/one.txt", "D\tassets/deep/two.txt", "A\tplan/first.md"}
    assert {*both, "D\tplan"} <= {*staged}
    git("stash", "-q", cwd=project)
    git("stash", "pop", "-q", cwd=project)
    undo_update(project)
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""


def test_a_file_of_ones_own_in_a_folder_that_becomes_a_file(project, history):
    (project / "assets/own.txt").write_text("mine\n")
    before = snapshot(project)
    with pytest.raises(ProjectError, match=r"`assets/own\.txt`\. Commit them, or move them away"):
        update(project, template=history.source(LAST))
    assert snapshot(project) == before


def test_files_that_gitignore_hides(project, history):
    ignore = project / ".gitignore"
    ignore.write_text(ignore.read_text() + "app/\n*.md\ndata.bin\n")
    git("rm", "-q", "--cached", "data.bin", "README.md", cwd=project)
    commit(project)
    edit(project)
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    told = {file.path: file.state for file in result.files}
    assert result.conflicts == ("app/main.py",)
    assert result.untracked == ("README.md", "data.bin")
    assert told["data.bin"] == told["README.md"] == "unchanged"
    assert told["app/api.py"] == told["docs/manual.md"] == "added"
    after = snapshot(project)
    assert after["data.bin"] == before["data.bin"]
    assert b"api line 1\n" in after["app/api.py"][1]
    assert "app/api.py" in git("diff", "--name-only", "HEAD", cwd=project)
    undo_update(project)
    assert snapshot(project) == before


def test_files_beyond_a_link_are_not_those_of_the_template(project, history):
    git("mv", "tests", "checks", cwd=project)
    (project / "tests").symlink_to("checks")
    commit(project)
    result = update(project, template=history.source(LAST))
    assert result.untracked == ()
    assert (project / "tests").is_symlink()
    undo_update(project)
    assert (project / "tests").is_symlink()


def test_sparse_checkout(project, history):
    edit(project)
    git("sparse-checkout", "set", "--no-cone", "/*", "!/docs", cwd=project)
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ("app/main.py",)
    undo_update(project)
    assert {*before} <= {*snapshot(project)}


def test_after_the_project_was_moved_and_renamed(project, history, tmp_path):
    edit(project)
    project.rename(tmp_path / "store")
    assert_updates(tmp_path / "store", history)
    update(tmp_path / "store", template=history.source(LAST))
    assert "project_name: shop\n" in (tmp_path / "store/.copier-answers.yml").read_text()


def test_in_a_directory_whose_name_is_no_text(project, history, tmp_path):
    there = project.rename(tmp_path / os.fsdecode(b"caf\xe9"))
    edit(there)
    assert_updates(there, history)


def test_called_by_a_git_hook(project, history, tmp_path, monkeypatch):
    edit(project)
    git("init", "-q", "other", cwd=tmp_path)
    for name, value in {
        "GIT_DIR": tmp_path / "other/.git",
        "GIT_WORK_TREE": tmp_path / "other",
        "GIT_INDEX_FILE": tmp_path / "other/.git/index",
    }.items():
        monkeypatch.setenv(name, str(value))
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ("app/main.py",)
    undo_update(project)
    assert snapshot(project) == before
    assert not (tmp_path / "other/.git/index").exists()


def test_through_a_link(project, history, tmp_path):
    edit(project)
    (tmp_path / "link").symlink_to(project)
    result = update(tmp_path / "link", template=history.source(LAST))
    assert result.path == project.resolve()
    assert result.conflicts == ("app/main.py",)


def test_strange_names_of_a_persons_own(project, history):
    names = ["new\nline", "tab\t.py", 'quote".py', "back\\slash", "-rf", ":(glob)**", "emoji😀"]
    names += [os.fsdecode(b"latin-\xe9.py")]
    for name in names:
        (project / name).write_text("mine\n")
    git("mv", "app/models.py", os.fsdecode(b"app/mod\xe8les\n.py"), cwd=project)
    commit(project)
    edit(project)
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    assert "models line 20 1.3" in (project / os.fsdecode(b"app/mod\xe8les\n.py")).read_text()
    assert set(result.conflicts) >= {"app/main.py"}
    undo_update(project)
    assert snapshot(project) == before


def test_modes_of_files(project, history):
    (project / "app/main.py").chmod(0o755)
    commit(project)
    former = os.umask(0o027)
    try:
        update(project, template=history.source(LAST))
    finally:
        os.umask(former)
    assert (project / "app/main.py").stat().st_mode & 0o777 == 0o750
    assert (project / "app/api.py").stat().st_mode & 0o777 == 0o640


@pytest.mark.proof
def test_plain_copier_gives_the_same_where_nothing_is_renamed(history, tmp_path):
    """The mechanism differs, the outcome does not: bots may update a project, too."""
    results = []
    for name in ("stackgen", "copier"):
        project = history.project(tmp_path / name / "shop", "v1.3.0", extras=True)
        text = (project / "app/main.py").read_text()
        (project / "app/main.py").write_text(text.replace("line 7\n", "line 7\nmine\n"))
        (project / "extras/one.py").unlink()
        commit(project)
        if name == "stackgen":
            update(project, template=history.source("v1.4.0"))
        else:
            url = "https://stackgen.invalid/stackgen.git"
            variables = {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"url.{history.repository}.insteadOf",
                "GIT_CONFIG_VALUE_0": url,
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_AUTHOR_NAME": "A",
                "GIT_AUTHOR_EMAIL": "a@example.com",
                "GIT_COMMITTER_NAME": "A",
                "GIT_COMMITTER_EMAIL": "a@example.com",
            }
            copier = [sys.executable, "-m", "copier"]
            command = [*copier, "update", "--defaults", "--quiet", "--vcs-ref", "v1.4.0"]
            subprocess.run(command, cwd=project, env={**os.environ, **variables}, check=True)
        results.append(snapshot(project))
    assert results[0] == results[1]


def test_answers_file_suits_bots(project, history):
    """Renovate's Copier manager wants this name, an address, and a version of PEP 440."""
    import re

    import yaml
    from packaging.version import Version

    update(project, template=history.source(LAST))
    record = project / ".copier-answers.yml"
    assert re.search(r"(^|/)\.copier-answers(\..+)?\.ya?ml$", str(record))
    data = yaml.safe_load(record.read_text())
    assert re.match(r"https://\S+\.git$", data["_src_path"])
    assert Version(data["_commit"]).release == (1, 5, 0)
    assert TAGS[-1] == data["_commit"]
