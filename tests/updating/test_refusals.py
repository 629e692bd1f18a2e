"""What an update refuses: in one clear line, before anything is touched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
from template_history import LAST, PERSON, TAGS, commit, git, snapshot

from stackgen.errors import OptionError, ProjectError
from stackgen.template.source import Source
from stackgen.updating.applying import undo_update, update
from stackgen.updating.planning import check_update, plan_update

ANSWERS = ".copier-answers.yml"


def record(project, old, new):
    file = project / ANSWERS
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    commit(project)


def assert_refused(project, source, match, *, error=ProjectError, **changes):
    before = snapshot(project)
    status = git("status", "--porcelain", cwd=project) if (project / ".git").exists() else ""
    for call in (plan_update, update):
        with pytest.raises(error, match=match) as caught:
            call(project, changes, template=source)
        assert "\n" not in str(caught.value)
    assert snapshot(project) == before
    if (project / ".git").exists():
        assert git("status", "--porcelain", cwd=project) == status
        assert not list((project / ".git").glob("*.lock"))
        assert not list((project / ".git").glob("stackgen-*"))


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("stackgen.invalid", "evil.example", r"`_src_path` .* is `https://evil.example"),
        ("https://", "ext::sh -c touch% pwned ", "`_src_path`"),
        ("_src_path: https", "_src_path: [https", "cannot be read"),
        ("_src_path", "_source", "`_src_path` .* is `null`"),
        ("_commit: v1.0.0", "_commit: v9.0.0", "Upgrade stackgen"),
        ("_commit: v1.0.0", "_commit: main", "not a version"),
        ("_commit: v1.0.0", "_commit: v1.0.0/../x", "not a version"),
        ("_commit: v1.0.0", "_commit: --upload-pack=touch", "not a version"),
        ("_commit: v1.0.0", "_commit: 1.0", "not a version"),
        ("_commit: v1.0.0", "_commit: v0.5.0", "history does not hold v0.5.0"),
        ("_commit: v1.0.0", "_commit: v1.0.1.dev3+gabcdef0", "history does not hold"),
        ("_commit: v1.0.0\n", "", "not a version"),
        ("_commit: v1.0.0", f"_commit: v{'1' * 5000}", r"`v1+\.\.\.`, which is not a version"),
        ("_commit: v1.0.0", f"_commit: v0.{'1' * 500}", r"`v0\.1+\.\.\.`, which is not a version"),
        ("year:", "colour: red\nyear:", "records `colour`, which is not an option of v1.0.0"),
        ("year:", "commands: {}\nyear:", "records `commands`"),
        ("year:", "_tasks: [touch pwned]\nyear: 20266\nx_year:", "records `x_year`"),
        ("database: sqlite", "database: oracle", "cannot be `oracle`.*sqlite, postgresql"),
        ("database: sqlite", "database: [sqlite]", "cannot be"),
        ("project_name: shop", 'project_name: "a\\u202eb"', r"U\+202E"),
        ("project_name: shop", "project_name: *x", "cannot be read"),
        ("project_name: shop", "project_name: !!python/object/apply:os.system [id]", "cannot be"),
        ("extras: true", "extras: true\nextras: false", "duplicate key"),
    ],
)
def test_answers_file_that_is_not_of_stackgens_making(project, history, old, new, match):
    record(project, old, new)
    assert_refused(project, history.source(LAST), match)


def test_answers_are_never_rendered(project, history):
    record(project, "project_name: shop", "project_name: \"{{ ''.join(['p', 'wned']) }}\"")
    update(project, template=history.source(LAST))
    assert "pwned" not in (project / "README.md").read_text()


def test_answers_file_with_text_that_is_no_yaml(project, history):
    (project / ANSWERS).write_bytes(b"\xff\xfe\0")
    assert_refused(project, history.source(LAST), "UTF-8")
    (project / ANSWERS).write_text("just text\n")
    assert_refused(project, history.source(LAST), "not a mapping")
    (project / ANSWERS).write_text("[" * 5000)
    assert_refused(project, history.source(LAST), "nested too deeply")
    (project / ANSWERS).write_text("#" * 300_000)
    assert_refused(project, history.source(LAST), "larger than")


def test_answers_file_that_was_renamed(project, history):
    git("mv", ANSWERS, ".copier-answers.main.yml", cwd=project)
    commit(project)
    match = r"`\.copier-answers\.main\.yml`: `git mv \.copier-answers\.main\.yml"
    assert_refused(project, history.source(LAST), match)


def test_answers_file_that_is_a_link(project, history, tmp_path):
    shutil.move(project / ANSWERS, tmp_path / "elsewhere.yml")
    (project / ANSWERS).symlink_to(tmp_path / "elsewhere.yml")
    commit(project)
    assert_refused(project, history.source(LAST), "symbolic link")


def test_what_is_no_project(tmp_path, history):
    assert_refused(tmp_path / "none", history.source(LAST), "not a directory")
    (tmp_path / "empty").mkdir()
    assert_refused(tmp_path / "empty", history.source(LAST), "not a stackgen project")


def test_project_without_git(project, history):
    shutil.rmtree(project / ".git")
    assert_refused(project, history.source(LAST), "in no git repository.*git init")
    git("init", "-q", cwd=project)
    assert_refused(project, history.source(LAST), "not committed")


def test_project_that_its_repository_does_not_know(project, history, tmp_path):
    shutil.rmtree(project / ".git")
    git("init", "-q", cwd=tmp_path)
    (tmp_path / "other").touch()
    git("add", "other", cwd=tmp_path)
    git("commit", "-qm", "other", cwd=tmp_path)
    assert_refused(project, history.source(LAST), "not committed")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        pytest.param(lambda p: (p / "app/main.py").write_text("x"), "`app/main.py`", id="edited"),
        pytest.param(lambda p: (p / "legacy.py").unlink(), "`legacy.py`", id="deleted"),
        pytest.param(lambda p: (p / "app/api.py").write_text("x"), "`app/api.py`", id="untracked"),
        pytest.param(lambda p: (p / "notes.log").write_text("x"), "`notes.log`", id="ignored"),
        pytest.param(lambda p: (p / "tools").write_text("x"), "`tools`", id="file for a folder"),
        pytest.param(lambda p: (p / "app/api.py").mkdir(), "`app/api.py`", id="folder for a file"),
        pytest.param(lambda p: (p / "tools").symlink_to("/"), "`tools`", id="link for a folder"),
        pytest.param(
            lambda p: (p / "notes.log").symlink_to("/dev/full"), "`notes.log`", id="dangling link"
        ),
    ],
)
def test_uncommitted_changes_in_files_concerned(project, history, change, match):
    change(project)
    assert_refused(project, history.source(LAST), match)


def test_staged_changes_in_files_concerned(project, history):
    text = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text("staged\n")
    git("add", ".", cwd=project)
    (project / "app/main.py").write_text(text)
    assert_refused(project, history.source(LAST), r"`app/main\.py`")


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_changes_that_git_was_told_to_overlook(project, history, flag):
    git("update-index", flag, "app/main.py", cwd=project)
    (project / "app/main.py").write_text("local\n")
    assert git("status", "--porcelain", cwd=project) == ""
    assert_refused(project, history.source(LAST), r"`app/main\.py`")


def test_folder_that_became_a_link_to_another_place(project, history, tmp_path):
    """Were git told to overlook it, the files beyond the link would be taken away."""
    files = git("ls-files", "extras", cwd=project).split()
    git("update-index", "--assume-unchanged", *files, cwd=project)
    outside = (project / "extras").rename(tmp_path / "outside")
    (project / "extras").symlink_to(outside)
    before = snapshot(outside)
    source = history.source("v1.0.0")
    assert_refused(project, source, r"`extras`", extras=False)
    assert before
    assert snapshot(outside) == before


def test_changes_elsewhere_stay(project, history):
    (project / "app/own.py").write_text("untracked\n")
    (project / "app/__init__.py").write_text("edited\n")
    (project / "tests/more.py").write_text("staged\n")
    git("add", "tests/more.py", cwd=project)
    (project / ".env").write_text("SECRET=1\n")
    (project / "db.sqlite3").write_bytes(b"SQLite")
    before = snapshot(project)
    result = update(project, template=history.source(LAST))
    after = snapshot(project)
    for path in ("app/own.py", "app/__init__.py", "tests/more.py", ".env", "db.sqlite3"):
        assert after[path] == before[path]
        assert path not in {file.path for file in result.files if file.state != "unchanged"}
    assert "A  tests/more.py" in git("status", "--porcelain", cwd=project)
    assert " M app/__init__.py" in git("status", "--porcelain", cwd=project)


def diverge(project):
    """Make a branch whose commits conflict with those of `main`."""
    git("checkout", "-qb", "other", cwd=project)
    for number in range(2):
        (project / "app/__init__.py").write_text(f"one {number}\n")
        commit(project)
    git("checkout", "-q", "main", cwd=project)
    (project / "app/__init__.py").write_text("two\n")
    commit(project)


def leave_unfinished(project, *command):
    """Run a command of git's that stops half way."""
    environment = {**os.environ, **PERSON}
    subprocess.run(command, cwd=project, env=environment, check=False, capture_output=True)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("merge", "git merge other"),
        ("rebase", "git rebase other"),
        ("rebase", "git rebase --apply other"),
        ("cherry-pick", "git cherry-pick other~1 other"),
        ("revert", "git revert --no-edit other~1"),
        ("am", "git format-patch -q -1 other && git am 0001-*"),
        ("bisect", "git bisect start"),
    ],
)
def test_what_git_is_in_the_middle_of_is_named(project, history, name, command):
    diverge(project)
    leave_unfinished(project, "sh", "-c", command)
    assert_refused(project, history.source(LAST), rf"in the middle of a {name}\.")


def test_files_in_conflict_are_named(project, history):
    diverge(project)
    leave_unfinished(project, "git", "merge", "-q", "other")
    match = r"in the middle of a merge\. In conflict: `app/__init__\.py`"
    assert_refused(project, history.source(LAST), match)
    (project / ".git/MERGE_HEAD").unlink()
    assert_refused(project, history.source(LAST), r"has files in conflict: `app/__init__\.py`")


def test_another_git_at_work(project, history):
    (project / ".git/index.lock").touch()
    before = snapshot(project)
    for call in (plan_update, update):
        with pytest.raises(ProjectError, match=r"git is at work.*index\.lock"):
            call(project, template=history.source(LAST))
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("make", "match"),
    [
        pytest.param(lambda file: file.mkdir(), "is a directory", id="directory"),
        pytest.param(os.mkfifo, "is not a regular file", id="pipe"),
    ],
)
def test_answers_file_that_is_none(project, history, make, match):
    (project / ANSWERS).unlink()
    make(project / ANSWERS)
    for call in (plan_update, update):
        with pytest.raises(ProjectError, match=match):
            call(project, template=history.source(LAST))


def test_links_that_go_round_in_a_circle(history, tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    for call in (plan_update, update):
        with pytest.raises(ProjectError, match=r"form a loop|not a directory"):
            call(tmp_path / "one", template=history.source(LAST))


def test_configuration_that_git_cannot_read(project, history):
    with (project / ".git/config").open("a") as file:
        file.write("[broken\n")
    for call in (plan_update, update):
        with pytest.raises(ProjectError, match=r"cannot read the repository .*bad config line"):
            call(project, template=history.source(LAST))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_repository_of_somebody_else(project, history):
    """git's own advice is kept."""
    os.chown(project, 4321, 4321)
    os.chown(project / ".git", 4321, 4321)
    for call in (plan_update, update):
        with pytest.raises(ProjectError, match=r"dubious ownership.*--add safe\.directory"):
            call(project, template=history.source(LAST))


def test_repository_whose_files_are_elsewhere(project, history, tmp_path):
    """A configuration that came with the project must not have another place changed."""
    other = tmp_path / "other"
    git("clone", "-q", str(project), str(other), cwd=tmp_path)
    before = snapshot(other)
    git("config", "core.worktree", str(other), cwd=project)
    assert_refused(project, history.source(LAST), r"whose files are in .*other.*core\.worktree")
    assert snapshot(other) == before

    git("config", "core.worktree", str(tmp_path), cwd=project)
    git("init", "-q", cwd=tmp_path)
    assert_refused(project, history.source(LAST), r"core\.worktree")


def test_submodule_in_the_place_of_a_file(project, history):
    head = git("rev-parse", "HEAD", cwd=project)
    (project / "notes.log").mkdir()
    git("update-index", "--add", "--cacheinfo", f"160000,{head},notes.log", cwd=project)
    git("commit", "-qm", "submodule", cwd=project)
    assert_refused(project, history.source(LAST), "where submodules are: `notes.log`")


def test_directory_with_a_line_break(project, history, tmp_path):
    there = project.rename(tmp_path / "line\nbreak")
    assert_refused(there, history.source(LAST), "line break")


def test_git_missing_or_old(project, history, monkeypatch):
    monkeypatch.setattr("stackgen.git.version", lambda _: (2, 37))
    assert_refused(project, history.source(LAST), r"git 2\.37, and an update needs 2\.38")
    monkeypatch.setattr("stackgen.git.available", lambda: False)
    assert_refused(project, history.source(LAST), "there is no `git`")


def test_source_without_history(project, history):
    source = Source(root=history.source(LAST).root, tag=LAST, history=None)
    assert_refused(project, source, "history does not hold")


def test_framework_cannot_change(project, history):
    source = history.source(LAST)
    match = "`framework` of a project cannot change. Start a new one"
    assert_refused(project, source, match, error=OptionError, framework="flask")
    update(project, {"framework": "django"}, template=source)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"colour": "red"}, "There is no option `colour`"),
        ({"database": "oracle"}, "sqlite, postgresql"),
        ({"recommendation": "x"}, "recorded by stackgen"),
        ({"commands": "x"}, "computed from the options"),
    ],
)
def test_options_that_cannot_be_set(project, history, changes, match):
    assert_refused(project, history.source(LAST), match, error=OptionError, **changes)


def test_value_that_the_new_version_refuses(project, history, tmp_path):
    root = shutil.copytree(history.source(LAST).root, tmp_path / "template")
    options = (root / "copier.yml").read_text().replace("[sqlite, postgresql]", "[postgresql]")
    (root / "copier.yml").write_text(options)
    source = Source(root=root, tag="v1.6.0", history=history.repository)
    assert_refused(project, source, "`database` cannot be `sqlite`", error=OptionError)
    update(project, {"database": "postgresql"}, template=source)
    assert "DATABASE = 'postgresql'" in (project / "settings.py").read_text()


def test_development_version_of_a_checkout_is_found_by_its_commit(project, history):
    name = git("rev-parse", "--short=12", f"{TAGS[0]}^{{}}", cwd=history.repository)
    record(project, "_commit: v1.0.0", f"_commit: v1.0.1.dev1+g{name}")
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ()


@pytest.mark.proof
def test_an_update_whose_conflicts_are_open_is_not_done(history, tmp_path):
    project = history.project(tmp_path / "shop", "v1.0.0")
    text = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text("".join(f"{line} mine\n" for line in text.splitlines()))
    commit(project)
    template = history.source(LAST)
    assert update(project, template=template).conflicts
    way_back = re.escape(f"`stackgen update {project} --undo`")
    assert_refused(project, template, rf"has open conflicts: `app/main\.py`.*{way_back}")


@pytest.mark.parametrize("command", [plan_update, update, check_update])
def test_a_broken_record_of_the_installed_version_is_no_current_one(project, history, command):
    update(project, template=history.source(LAST))
    commit(project)
    record(project, "extras: true", "extras: maybe")
    with pytest.raises(ProjectError, match="`extras` cannot be `maybe`"):
        command(project, template=history.source(LAST))


@pytest.mark.parametrize("goes_back", ["by an update", "by undo"])
def test_options_are_not_changed_back_while_the_record_is_not_committed(
    project, history, goes_back
):
    """What is committed has the option already: a merge with that alone would change nothing."""
    source = history.source(LAST)
    update(project, template=source)
    commit(project)
    update(project, {"extras": "false"}, template=source)
    if goes_back == "by undo":
        commit(project)
        undo_update(project)
    wanted = "true" if goes_back == "by an update" else "false"
    assert_refused(project, source, r"goes by .* `\.copier-answers\.yml`", extras=wanted)
