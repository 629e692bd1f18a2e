"""Whether an answers file can be committed alone, and the commit of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stackgen import git
from stackgen.changes.checkout import add_files, copy_index, index_entries
from stackgen.changes.guard import refuse_busy
from stackgen.changes.journal import Reference
from stackgen.changes.work_tree import WorkTree, find_work_tree
from stackgen.errors import ProjectError

Lack = Literal["", "repository", "commit", "other"]
"""What is lacking for a commit of one file alone: nothing; a repository; a commit that has the
project; or something else, which is said in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether a file of a project can be committed alone.

    Attributes:
        lack: See `Lack`.
        reason: What is lacking, and what to do about it, in a sentence; empty where nothing is.
    """

    lack: Lack = ""
    reason: str = ""


def check_committable(path: Path) -> WorkTree:
    """Return the repository in which an answers file can be committed.

    Args:
        path: The project's directory.

    Raises:
        ProjectError: The project is in none, is not committed there, or git is in the middle of
            something or knows no author.
    """
    work_tree = find_work_tree(path)
    refuse_busy(work_tree, then="commit")
    if not git.has_identity(work_tree.top):
        raise ProjectError(
            f"git knows no author in `{work_tree.top}`. Set `user.name` and `user.email` with "
            "`git config`, or commit it yourself."
        )
    return work_tree


def readiness(path: Path) -> Readiness:
    """Return whether an answers file could be committed alone by hand, and if not, why.

    Args:
        path: The project's directory.

    Raises:
        RenderError: git failed.
    """
    try:
        check_committable(path)
    except ProjectError as error:
        return Readiness(lack=_lack(path), reason=str(error))
    return Readiness()


def _lack(path: Path) -> Lack:
    if not git.available():
        return "other"
    if git.enclosing_repository(path) is None:
        return "repository"
    try:
        work_tree = find_work_tree(path, committed=False)
        refuse_busy(work_tree)
    except ProjectError:
        return "other"
    return "other" if work_tree.tree else "commit"


def stage_commit(work_tree: WorkTree, stage: Path, name: str, message: str) -> Reference:
    """Stage a file and a commit of it alone, from what is committed and not from what is staged.

    Args:
        work_tree: The repository.
        stage: The staging directory; the file is in its `new`.
        name: The file, relative to the top.
        message: That of the commit.

    Returns:
        The reference that makes the commit; none where the last commit has the very file.

    Raises:
        RenderError: git failed.
    """
    copy_index(work_tree, stage)
    add_files(work_tree, stage, [name])
    [[mode, content, _]] = index_entries(work_tree, [name], stage / "index")[name]
    index = {"GIT_INDEX_FILE": str(stage / "index.commit")}
    repository = work_tree.git
    repository.text("read-tree", work_tree.head, environment=index)
    entry = f"{mode} {content}\t{name}\0"
    repository.text("update-index", "-z", "--index-info", stdin=entry, environment=index)
    tree = repository.text("write-tree", "--missing-ok", environment=index)
    if tree == repository.text("rev-parse", f"{work_tree.head}^{{tree}}"):
        return Reference("", "")
    commit = repository.text("commit-tree", tree, "-p", work_tree.head, "-m", message)
    return Reference("HEAD", commit, work_tree.head, f"commit: {message}")
