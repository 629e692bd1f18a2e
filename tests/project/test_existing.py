"""A project made in a folder that is there: an empty one, or an empty clone."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from template_history import PERSON, commit, git, snapshot

from stackgen.errors import DestinationError, ExistingFilesError, ProjectError, StackgenError
from stackgen.project.creation import Generated, generate
from stackgen.project.request import request_project
from stackgen.template import source
from stackgen.template.loading import load_options
from stackgen.template.rendering import Renderer

README = "# My shop\n\nWhat we sell, in our own words.\n"
IGNORED = "*.log\n/notes/\n"
GPL = "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n"
CLONE = {"README.md": README, ".gitignore": IGNORED, "LICENSE": GPL}

Make = Callable[..., Generated]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as shared:
        yield shared


@pytest.fixture(autouse=True)
def identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PERSON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.fixture
def make(renderer: Renderer) -> Make:
    options = load_options(source.template_root())
    defaults = {"project_name": "my-shop", "author_name": "Ann", "year": 2026}
    values = options.resolve({"framework": "flask"}, defaults=defaults).values

    def call(folder: Path, existing: str | None = None, **settings: bool) -> Generated:
        return generate(folder, values, existing=existing, renderer=renderer, **settings)

    return call


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a host gives who makes a repository there, and clones it."""
    folder = tmp_path / "my-shop"
    folder.mkdir()
    git("init", "-q", "-b", "trunk", cwd=folder)
    write(folder, CLONE)
    commit(folder, "Initial commit")
    return folder


def states(made: Generated) -> dict[str, str]:
    return {file.path: file.state for file in made.existing}


def is_ignored(folder: Path, name: str = ".env") -> bool:
    git("check-ignore", "-q", "--no-index", name, cwd=folder)
    return True


def refused(make: Make, folder: Path, reason: str, **settings: object) -> None:
    """Nothing changes: no file, not the index, not the history, not git's configuration."""

    def whole() -> object:
        return {
            path.relative_to(folder): (path.lstat().st_mode, path.is_file() and path.read_bytes())
            for path in sorted(folder.rglob("*"))
        }

    before = whole()
    with pytest.raises(StackgenError, match=reason):
        make(folder, **settings)
    assert whole() == before


@pytest.mark.parametrize("with_git", [True, False])
def test_an_empty_folder_is_filled_in_place(
    tmp_path: Path, make: Make, with_git: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my-shop"
    folder.mkdir()
    folder.chmod(0o2750)
    before = folder.stat()
    monkeypatch.chdir(folder)
    made = make(Path(), with_git=with_git)
    assert (made.path, made.existing) == (folder, ())
    assert Path("README.md").is_file(), "whoever stands in the folder still does"
    after = folder.stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert made.repository == ("committed" if with_git else "none")
    assert (folder / ".git").exists() == with_git
    assert sorted(snapshot(folder)) == sorted(made.paths)
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    if with_git:
        assert git("status", "--porcelain", "--ignored", cwd=folder) == "!! .env"
        assert git("branch", "--show-current", cwd=folder) == "main"
        assert git("fsck", "--strict", cwd=folder) == ""
        assert git("config", "--get-regexp", "core.worktree|^alias", cwd=folder, code=1) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["my-shop"]


def test_an_empty_folder_and_a_new_one_become_the_same(tmp_path: Path, make: Make) -> None:
    (tmp_path / "one").mkdir()
    one, two = make(tmp_path / "one"), make(tmp_path / "two")
    assert one.paths == two.paths
    files = [snapshot(made.path) for made in (one, two)]
    for each in files:
        del each[".env"]
    assert files[0] == files[1]
    trees = [git("rev-parse", "HEAD^{tree}", cwd=made.path) for made in (one, two)]
    assert trees[0] == trees[1]


def test_only_what_must_be_writable_is_written_to(tmp_path: Path, make: Make) -> None:
    """The folder may be all that its user owns, as in a container or at a mount."""
    folder = tmp_path / "parent/my-shop"
    folder.mkdir(parents=True)
    before = folder.parent.stat().st_mtime_ns
    make(folder)
    assert folder.parent.stat().st_mtime_ns == before


@pytest.mark.parametrize("existing", ["keep", "replace", "merge"])
def test_a_clone_gets_one_commit_on_top(clone: Path, make: Make, existing: str) -> None:
    config = (clone / ".git/config").read_bytes()
    first = git("rev-parse", "HEAD", cwd=clone)
    made = make(clone, existing)
    assert made.repository == "continued"
    assert git("rev-parse", "HEAD^", cwd=clone) == first
    assert git("log", "-1", "--format=%an|%s", cwd=clone) == (
        f"A Person|Start from stackgen {source.tag()}"
    )
    assert git("branch", "--show-current", cwd=clone) == "trunk"
    assert git("status", "--porcelain", "--ignored", cwd=clone) == "!! .env"
    assert (clone / ".git/config").read_bytes() == config
    assert (clone / "LICENSE").read_text() == GPL, "theirs stays, whatever was chosen"
    assert made.licence == "LICENSE"
    assert is_ignored(clone)
    assert git("fsck", "--strict", cwd=clone) == ""
    assert sorted(snapshot(clone)) == sorted(made.paths)
    tracked = git("ls-files", cwd=clone).split()
    assert sorted([*tracked, ".env"]) == sorted(made.paths)
    left = [path.name for path in (clone / ".git").iterdir() if "stackgen" in path.name]
    assert left == []


def test_keep(clone: Path, make: Make) -> None:
    made = make(clone, "keep")
    assert states(made) == {".gitignore": "merged", "LICENSE": "kept", "README.md": "kept"}
    assert (clone / "README.md").read_text() == README
    assert (clone / ".gitignore").read_text() == f"{IGNORED}\n# Secrets, never committed\n.env\n"
    assert made.env_ignored
    assert "## Run it" in (clone / "README.stackgen.md").read_text(), "the project's is not lost"
    assert made.readme == "README.stackgen.md"
    record = yaml.safe_load((clone / ".copier-answers.yml").read_text())
    assert record["_kept"] == [".gitignore", "LICENSE", "README.md"]


def test_merge(clone: Path, make: Make) -> None:
    made = make(clone, "merge")
    assert states(made) == {".gitignore": "merged", "LICENSE": "kept", "README.md": "kept"}
    assert (clone / "README.md").read_text() == README
    ignored = (clone / ".gitignore").read_text()
    assert ignored.startswith(IGNORED)
    assert "__pycache__/" in ignored
    assert not made.env_ignored
    record = yaml.safe_load((clone / ".copier-answers.yml").read_text())
    assert record["_kept"] == ["LICENSE", "README.md"]


def test_replace(clone: Path, make: Make) -> None:
    made = make(clone, "replace")
    assert states(made) == {".gitignore": "replaced", "LICENSE": "kept", "README.md": "replaced"}
    assert "## Run it" in (clone / "README.md").read_text()
    assert "README.stackgen.md" not in made.paths
    assert git("show", "HEAD^:README.md", cwd=clone) + "\n" == README


def test_a_readme_of_nothing_but_the_name_is_merged(clone: Path, make: Make) -> None:
    (clone / "README.md").write_text("# my-shop\n")
    commit(clone)
    made = make(clone, "merge")
    assert states(made)["README.md"] == "merged"
    assert "## Run it" in (clone / "README.md").read_text()


def test_somebody_must_say_what_becomes_of_files(clone: Path, make: Make) -> None:
    refused(make, clone, r"`\.gitignore`, `LICENSE`, `README\.md` are in .* already")
    refused(make, clone, "already", dry_run=True)
    refused(make, clone, "cannot be treated as `overwrite`. Choose one of", existing="overwrite")
    with pytest.raises(ExistingFilesError) as caught:
        make(clone)
    assert caught.value.remedy == "existing"
    assert dict(caught.value.plans["replace"])["README.md"] == "replaced"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"LICENSE": GPL},
        {"README": README, "CODEOWNERS": "* @ann\n", ".github/CODEOWNERS": "* @ann\n"},
        {"readme.md": README, ".DS_Store": "x", ".idea/workspace.xml": "x"},
    ],
)
def test_where_nothing_is_to_be_decided_nobody_is_asked(
    tmp_path: Path, make: Make, files: dict[str, str]
) -> None:
    folder = tmp_path / "my-shop"
    folder.mkdir()
    write(folder, files)
    made = make(folder)
    assert {path: (folder / path).read_text() for path in files} == files
    tracked = set(git("ls-files", cwd=folder).split())
    documents = {path for path in files if not path.startswith((".DS", ".idea"))}
    assert documents <= tracked, "a first commit holds all of them"
    assert not tracked & (files.keys() - documents)
    assert states(made) == dict.fromkeys(files.keys() & {"LICENSE"}, "kept")


def test_without_a_repository_one_is_made_of_both(tmp_path: Path, make: Make) -> None:
    write(tmp_path / "my-shop", CLONE)
    made = make(tmp_path / "my-shop", "keep")
    assert made.repository == "committed"
    assert git("show", "HEAD:README.md", cwd=made.path) + "\n" == README
    assert git("status", "--porcelain", "--ignored", cwd=made.path) == "!! .env"
    assert git("rev-list", "--count", "HEAD", cwd=made.path) == "1"


def test_a_licence_of_another_name_is_the_only_one(tmp_path: Path, make: Make) -> None:
    write(tmp_path / "my-shop", {"COPYING": GPL})
    made = make(tmp_path / "my-shop")
    assert states(made) == {"COPYING": "kept"}
    assert not (made.path / "LICENSE").exists()
    metadata = tomllib.loads((made.path / "pyproject.toml").read_text())["project"]
    assert metadata["license-files"] == ["COPYING"]
    assert made.licence == "COPYING"


def test_the_same_licence_of_another_holder_contradicts_nothing(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "other", with_git=False)
    text = (tmp_path / "other/LICENSE").read_text()
    theirs = re.sub(r"(?m)^Copyright.*$", "Copyright (c) 2019 Somebody Else", text)
    assert theirs != text
    write(tmp_path / "my-shop", {"LICENSE": theirs.replace("\n", "\r\n")})
    made = make(tmp_path / "my-shop")
    assert (states(made), made.licence) == ({"LICENSE": "kept"}, "")


def test_an_unborn_branch(tmp_path: Path, make: Make) -> None:
    """`git init` and a README that is not even added: it stays so where it is kept."""
    folder = tmp_path / "my-shop"
    folder.mkdir()
    git("init", "-q", "-b", "trunk", cwd=folder)
    write(folder, {"README.md": README})
    made = make(folder, "keep")
    assert made.repository == "committed"
    assert git("branch", "--show-current", cwd=folder) == "trunk"
    assert git("rev-list", "--count", "HEAD", cwd=folder) == "1"
    assert git("status", "--porcelain", cwd=folder) == "?? README.md"


def test_a_detached_head(clone: Path, make: Make) -> None:
    git("checkout", "-q", "--detach", cwd=clone)
    made = make(clone, "keep")
    assert (made.repository, made.git.detached) == ("continued", True)
    assert git("rev-parse", "HEAD^", cwd=clone) == git("rev-parse", "trunk", cwd=clone)


def test_a_second_work_tree(clone: Path, make: Make) -> None:
    other = clone.parent / "other"
    git("worktree", "add", "-q", "-b", "side", str(other), cwd=clone)
    made = make(other, "keep")
    assert made.repository == "continued"
    assert git("status", "--porcelain", cwd=other) == ""
    assert git("log", "--format=%s", "trunk", cwd=clone) == "Initial commit"


def test_a_submodule(clone: Path, make: Make, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    git("init", "-q", cwd=whole)
    allow = ("-c", "protocol.file.allow=always")
    git(*allow, "submodule", "add", "-q", str(clone), "my-shop", cwd=whole)
    made = make(whole / "my-shop", "keep")
    assert made.repository == "continued"
    assert git("status", "--porcelain", cwd=whole / "my-shop") == ""


def test_without_an_identity_everything_is_staged(
    clone: Path, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in PERSON:
        if "AUTHOR" in name or "COMMITTER" in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    made = make(clone, "replace")
    assert made.repository == "staged"
    staged = git("diff", "--cached", "--name-only", cwd=clone).split()
    assert {"README.md", "pyproject.toml"} <= {*staged}
    assert git("diff", "--name-only", cwd=clone) == ""
    assert git("rev-list", "--count", "HEAD", cwd=clone) == "1"


def test_their_author_is_the_author(clone: Path) -> None:
    git("config", "user.name", "Bea of this repository", cwd=clone)
    assert request_project(clone).defaults["author_name"] == "Bea of this repository"


def test_without_git_nothing_of_git_is_touched(clone: Path, make: Make) -> None:
    def state() -> dict[str, bytes]:
        files = [path for path in (clone / ".git").rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in files}

    (clone / "README.md").write_text("uncommitted\n")
    before = state()
    made = make(clone, "keep", with_git=False)
    assert state() == before
    assert made.repository == "enclosing"
    assert (clone / "README.md").read_text() == "uncommitted\n"
    assert "pyproject.toml" in git("ls-files", "--others", cwd=clone)


def test_hooks_and_signing_of_theirs_do_not_run(clone: Path, make: Make) -> None:
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        hook = clone / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {clone.parent}/ran\nexit 1\n")
        hook.chmod(0o755)
    git("config", "commit.gpgSign", "true", cwd=clone)
    git("config", "gpg.program", "/bin/false", cwd=clone)
    made = make(clone, "keep")
    assert (made.repository, made.git.unsigned) == ("continued", True)
    assert not (clone.parent / "ran").exists()


def test_an_unsigned_first_commit_is_known(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[commit]\ngpgSign = true\n[gpg]\nprogram = /bin/false\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert make(tmp_path / "my-shop").git.unsigned
    (tmp_path / "empty").mkdir()
    assert make(tmp_path / "empty").git.unsigned


def test_what_is_not_committed_is_neither_lost_nor_swept_in(clone: Path, make: Make) -> None:
    (clone / "README.md").write_text("edited\n")
    refused(make, clone, r"has uncommitted changes: `README\.md`. Commit or stash", existing="keep")
    git("add", "README.md", cwd=clone)
    refused(make, clone, r"has uncommitted changes: `README\.md`", existing="keep")
    git("reset", "-q", "--hard", cwd=clone)
    (clone / "README.md").unlink()
    refused(make, clone, r"has uncommitted changes: `README\.md`", existing="keep")
    git("reset", "-q", "--hard", cwd=clone)
    (clone / "NOTICE").write_text("not added\n")
    make(clone, "keep")
    assert git("status", "--porcelain", cwd=clone) == "?? NOTICE"


def test_what_git_is_in_the_middle_of_is_named(clone: Path, make: Make) -> None:
    git("checkout", "-qb", "side", cwd=clone)
    (clone / "README.md").write_text("one\n")
    commit(clone)
    git("checkout", "-q", "trunk", cwd=clone)
    (clone / "README.md").write_text("two\n")
    commit(clone)
    for words, operation in ((["merge", "side"], "merge"), (["rebase", "side"], "rebase")):
        git(*words, cwd=clone, code=1)
        refused(make, clone, f"is in the middle of a {operation}.*then make the project")
        git(words[0], "--abort", cwd=clone)
    (clone / ".git/index.lock").touch()
    refused(make, clone, "git is at work in", existing="keep")


def test_repositories_that_will_not_do_are_refused_by_name(
    clone: Path, make: Make, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    git("init", "-q", "--bare", str(bare), cwd=tmp_path)
    refused(make, bare, "is a bare git repository. Clone it")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    git("init", "-q", "--bare", str(hidden / ".git"), cwd=tmp_path)
    refused(make, hidden, "is a bare repository: no files are checked out")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / ".git").write_text("gitdir: nowhere\n")
    refused(make, broken, "git cannot read the repository")
    write(clone, {"src/main.py": "print()\n"})
    commit(clone)
    git("sparse-checkout", "set", "--no-cone", "/README.md", cwd=clone)
    refused(make, clone, r"is a repository of more than a README and the like: `src/main\.py`")


def test_what_is_in_the_place_of_a_folder_is_named(clone: Path, make: Make) -> None:
    (clone / ".github").mkdir()
    (clone / ".github/workflows").symlink_to(clone.parent)
    refused(make, clone, "workflows` is in the way: a folder of the project", existing="replace")
    (clone / ".github/workflows").unlink()
    (clone / ".github/dependabot.yml").mkdir()
    refused(make, clone, "dependabot.yml` is in the way: a file", existing="replace")


def test_a_link_is_kept_or_replaced_and_never_followed(clone: Path, make: Make) -> None:
    outside = clone.parent / "outside.md"
    outside.write_text("outside\n")
    (clone / "README.md").unlink()
    (clone / "README.md").symlink_to(outside)
    commit(clone)
    other = clone.parent / "other"
    git("clone", "-q", str(clone), str(other), cwd=clone.parent)
    assert states(make(clone, "merge"))["README.md"] == "kept"
    assert (clone / "README.md").is_symlink()
    assert states(make(other, "replace"))["README.md"] == "replaced"
    assert not (other / "README.md").is_symlink()
    assert outside.read_text() == "outside\n"


def test_folders_of_a_host_may_collide_too(clone: Path, make: Make) -> None:
    write(clone, {".github/workflows/ci.yml": "on: push\n", ".github/CODEOWNERS": "* @ann\n"})
    commit(clone)
    made = make(clone, "keep")
    assert states(made)[".github/workflows/ci.yml"] == "kept"
    assert (clone / ".github/workflows/ci.yml").read_text() == "on: push\n"
    assert ".github/dependabot.yml" in made.paths


def test_a_dry_run_says_the_same_and_writes_nothing(clone: Path, make: Make) -> None:
    before = snapshot(clone)
    planned = make(clone, "merge", dry_run=True)
    assert snapshot(clone) == before
    made = make(clone, "merge")
    assert (planned.paths, planned.existing) == (made.paths, made.existing)
    assert planned.licence == made.licence


def test_below_a_repository_nothing_of_it_is_touched(clone: Path, make: Make) -> None:
    folder = clone / "services/my-shop"
    folder.mkdir(parents=True)
    index = (clone / ".git/index").read_bytes()
    for place in (folder, clone / "services/other"):
        made = make(place)
        assert (made.repository, made.git.root) == ("enclosing", clone)
        assert not (place / ".git").exists()
    assert (clone / ".git/index").read_bytes() == index


def test_names_are_those_of_projects(tmp_path: Path) -> None:
    folder = tmp_path / "my shop"
    folder.mkdir()
    with pytest.raises(DestinationError, match=r"cannot be called `my shop`"):
        request_project(folder)
    request = request_project(folder, options={"project_name": "my-shop"})
    assert request.destination == folder


def test_another_run_at_work_is_named(clone: Path, make: Make) -> None:
    import fcntl

    descriptor = os.open(clone, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(ProjectError, match="Another stackgen is at work in"):
            make(clone, "keep")
    finally:
        os.close(descriptor)
