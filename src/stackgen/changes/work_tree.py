"""The git work tree that a project lies in: what is there, and changing it whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stackgen import git
from stackgen.errors import ProjectError

OLDEST_GIT = (2, 38)
"""The first one with `git merge-tree --write-tree`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Where git keeps a project.

    Attributes:
        top: The root of the work tree.
        prefix: The project's place in it: empty, or a path that ends in `/`.
        git_dir: What `.git` is or points to.
        objects: Its store of objects.
        index: Its index.
        object_format: `sha1` or `sha256`.
        head: The commit that is checked out.
        tree: The project's files in that commit.
    """

    top: Path
    prefix: str
    git_dir: Path
    objects: Path
    index: Path
    object_format: str
    head: str
    tree: str

    def now(self) -> str:
        """The commit that is checked out by now."""
        return _ask("rev-parse", "HEAD", cwd=self.top)


def find_checkout(project: Path, *, merging: bool = False) -> Checkout:
    """Find the repository of a project.

    Args:
        project: The project's directory.
        merging: Whether files may be in conflict.

    Raises:
        ProjectError: git is missing or too old, the project is in no repository or in one whose
            files are elsewhere, it is not committed there, or a merge is going on.
    """
    _check_git(project)
    questions = (
        *("--show-toplevel", "--show-prefix", "--absolute-git-dir", "--show-object-format"),
        *("--git-path", "objects", "--git-path", "index", "--git-path", "MERGE_HEAD"),
    )
    found = _ask("rev-parse", *questions, cwd=project)
    if not found:
        raise ProjectError(_not_readable(project))
    if "\n" in str(project):
        raise ProjectError(f"{str(project)!r} has a line break in it. Rename that directory.")
    top, prefix, git_dir, object_format, objects, index, merge_head = found.split("\n")
    _check_work_tree(project, Path(top), prefix, git_dir)
    head = _ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}", cwd=project)
    tree = head and _ask(
        "rev-parse", "--verify", "--quiet", f"HEAD:{prefix.rstrip('/')}", cwd=project
    )
    if not tree:
        raise ProjectError(f"`{project}` is not committed to git. Commit it first.")
    if not merging and (
        (project / merge_head).exists() or _ask("ls-files", "--unmerged", cwd=project)
    ):
        raise ProjectError(f"`{project}` is in the middle of a merge. Finish it, and commit.")
    return Checkout(
        top=Path(top),
        prefix=prefix,
        git_dir=Path(git_dir),
        objects=(project / objects).resolve(),
        index=(project / index).resolve(),
        object_format=object_format,
        head=head,
        tree=tree,
    )


def _check_work_tree(project: Path, top: Path, prefix: str, git_dir: str) -> None:
    """Refuse a repository of which `core.worktree` would have the files of another place changed.

    It is called at the top from here on, where it must be the same one.
    """
    here = (top / prefix).is_dir() and (top / prefix).samefile(project)
    if not (here and _ask("rev-parse", "--absolute-git-dir", cwd=top) == git_dir):
        raise ProjectError(
            f"`{project}` belongs to `{git_dir}`, whose files are in `{top}` as its "
            "`core.worktree` says. Unset that."
        )


def _not_readable(project: Path) -> str:
    if repository := git.enclosing_repository(project):
        done = git.run("status", cwd=project, accept=(0, 1, 128), settings=git.IN_WORK_TREE)
        said = done.stderr.decode(errors="replace").partition("\n")[0]
        return f"git cannot read the repository at `{repository}`: {said or 'it is broken'}."
    return (
        f"`{project}` is in no git repository, and an update is merged by git. "
        "Run `git init`, `git add --all` and `git commit` there first."
    )


def _check_git(project: Path) -> None:
    if not git.available():
        raise ProjectError("An update is merged by git, and there is no `git`. Install it.")
    if (version := git.version(project)) < OLDEST_GIT:
        here, needed = (".".join(map(str, numbers)) for numbers in (version, OLDEST_GIT))
        raise ProjectError(f"This is git {here}, and an update needs {needed}. Upgrade git.")


def _ask(*arguments: str, cwd: Path) -> str:
    done = git.run(
        *arguments,
        cwd=cwd,
        environment=git.OFFLINE,
        accept=(0, 1, 128),
        settings=git.IN_WORK_TREE,
    )
    answer = done.stdout.decode(errors="surrogateescape")
    return "" if done.returncode else answer.removesuffix("\n")
