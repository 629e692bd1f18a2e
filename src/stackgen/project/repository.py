"""The git repository of a new project: made, joined, or left alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from stackgen import git
from stackgen.changes.checkout import add_files, copy_index
from stackgen.changes.folder import REPOSITORY
from stackgen.changes.guard import listed, refuse_busy
from stackgen.changes.journal import Reference
from stackgen.changes.work_tree import WorkTree, find_work_tree
from stackgen.errors import DestinationError, ProjectError
from stackgen.project.occupants import is_occupant
from stackgen.template import source

Repository = Literal["committed", "continued", "staged", "uncommitted", "enclosing", "none"]
"""What became of git: a first commit; one more on a history that was there; files staged for want
of an identity, or because git refused the commit; the project lies in a repository, which was left
alone; or no repository, as asked or because git is missing."""

NOTHING = Reference("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class GitState:
    """What became of git.

    Attributes:
        repository: See `Repository`.
        root: The repository that the project lies in without being its root; or none.
        unsigned: Whether the person signs commits, and this one is not signed.
        detached: Whether the commit is on no branch.
    """

    repository: Repository
    root: Path | None = None
    unsigned: bool = False
    detached: bool = False


def left_alone(project: Path) -> GitState:
    """Return the state of a project with whose git nothing is done.

    Args:
        project: Its directory, which need not exist yet.
    """
    own = os.path.lexists(project / ".git")
    root = None if own else git.enclosing_repository(project.parent)
    return GitState(repository="enclosing" if own or root else "none", root=root)


def make_repository(project: Path) -> GitState:
    """Make a repository of a project that is whole, with a first commit.

    Args:
        project: Its directory.

    Raises:
        RenderError: git failed.
    """
    git.run("init", "--quiet", "--initial-branch=main", cwd=project)
    git.run("add", "--all", cwd=project)
    return _commit(project, {})


def stage_repository(
    stage: Path, folder: Path, coming: Sequence[str], present: Sequence[str]
) -> GitState:
    """Make a repository in a staging directory, with a first commit of files that lie elsewhere.

    Args:
        stage: The staging directory of a `Folder`; the files that come are in its `new`.
        folder: The folder that is filled.
        coming: Of the files that come, those to commit.
        present: Of the files that are there and stay, those to commit.

    Raises:
        RenderError: git failed.
    """
    git.run("init", "--quiet", "--initial-branch=main", cwd=stage / "new")
    place = stage / REPOSITORY
    place.rmdir()
    (stage / "new/.git").rename(place)
    options = ("--force", "--pathspec-from-file=-", "--pathspec-file-nul")
    environment = {"GIT_DIR": str(place), "GIT_LITERAL_PATHSPECS": "1"}
    for work_tree, paths in ((stage / "new", coming), (folder, present)):
        words = {**environment, "GIT_WORK_TREE": str(work_tree)}
        stdin = git.to_bytes("".join(f"{path}\0" for path in paths))
        git.run("add", *options, cwd=work_tree, environment=words, stdin=stdin)
    return _commit(stage / "new", {**environment, "GIT_WORK_TREE": str(stage / "new")})


def _commit(folder: Path, environment: dict[str, str]) -> GitState:
    if not git.has_identity(folder):
        return GitState(repository="staged")
    words = ("commit", "--quiet", "--no-verify", f"--message={_message()}")
    git.run(*words, cwd=folder, environment=environment)
    return GitState(repository="committed", unsigned=git.signs_commits(folder))


def open_repository(folder: Path) -> WorkTree:
    """Return the repository whose root a folder is, if one commit more may go there.

    Raises:
        DestinationError: It is bare, holds other files, or has changes that are not committed.
        ProjectError: git cannot read it, or is in the middle of something there.
    """
    if not git.available():
        raise DestinationError(
            f"`{folder}` is a git repository, and there is no `git`. Install it.", remedy="no_git"
        )
    try:
        work_tree = find_work_tree(folder, committed=False)
    except ProjectError:
        bare = git.Repository(folder=folder, environment=git.OFFLINE)
        if bare.ask("rev-parse", "--is-bare-repository") == "true":
            raise DestinationError(
                f"`{folder / '.git'}` is a bare repository: no files are checked out of it. Clone "
                "it, and make the project in the clone."
            ) from None
        raise
    refuse_busy(work_tree, then="make the project")
    others = [path for path in _tracked(work_tree) if not is_occupant(path.partition("/")[0])]
    if others:
        raise DestinationError(
            f"`{folder}` is a repository of more than a README and the like: `{others[0]}`. Make "
            "the project in a new folder."
        )
    status = ("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
    if edited := [line[3:] for line in work_tree.git.records(*status)]:
        raise DestinationError(
            f"`{folder}` has uncommitted changes: {listed(edited)}. Commit or stash them first."
        )
    return work_tree


def _tracked(work_tree: WorkTree) -> list[str]:
    files = set(work_tree.git.records("ls-files", "-z"))
    if work_tree.head:
        files.update(work_tree.git.records("ls-tree", "-r", "-z", "--name-only", "HEAD"))
    return sorted(files)


def stage_commit(
    work_tree: WorkTree, stage: Path, coming: Sequence[str]
) -> tuple[GitState, Reference]:
    """Stage files that come into a repository that is there, and a commit of them.

    Args:
        work_tree: The repository.
        stage: The staging directory; the files are in its `new`.
        coming: Those to commit.

    Returns:
        What becomes of git, and the reference by which it does.

    Raises:
        RenderError: git failed.
    """
    copy_index(work_tree, stage)
    add_files(work_tree, stage, coming)
    if not git.has_identity(work_tree.top):
        return GitState(repository="staged"), NOTHING
    index = {"GIT_INDEX_FILE": str(stage / "index")}
    tree = work_tree.git.text("write-tree", environment=index)
    parent = ("-p", work_tree.head) if work_tree.head else ()
    commit = work_tree.git.text("commit-tree", tree, *parent, "-m", _message())
    kind = "commit" if work_tree.head else "commit (initial)"
    state = GitState(
        repository="continued" if work_tree.head else "committed",
        unsigned=git.signs_commits(work_tree.top),
        detached=not work_tree.git.ask("symbolic-ref", "--quiet", "HEAD"),
    )
    previous = work_tree.head or work_tree.none
    return state, Reference("HEAD", commit, previous, f"{kind}: {_message()}")


def checked(state: GitState, work_tree: WorkTree, reference: Reference) -> GitState:
    """Return what became of git after all: the last step of a commit may have been refused."""
    if reference.name and work_tree.git.ask("rev-parse", reference.name) != reference.object:
        return replace(state, repository="uncommitted", unsigned=False, detached=False)
    return state


def _message() -> str:
    return f"Start from stackgen {source.tag()}"
