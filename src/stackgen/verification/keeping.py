"""What a verification leaves in a project: its receipt, and in a new one its locks."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stackgen import git, signals
from stackgen.changes.files import refuse_linked
from stackgen.errors import RenderError
from stackgen.project.repository import Repository
from stackgen.verification.verify import Verified


@dataclass(frozen=True, slots=True)
class FirstReceipt:
    """A new project that was verified, and what that left in it.

    Attributes:
        verified: The project.
        files: The files that it got, relative with `/`.
        is_committed: Whether they are in the commit that it was made with.
    """

    verified: Verified
    files: tuple[str, ...]
    is_committed: bool


def first_commit(project: Path, state: Repository) -> str:
    """Return the commit that a project was just made with; empty where there is none.

    Args:
        project: The project's directory.
        state: What became of git.
    """
    if state not in {"committed", "continued"}:
        return ""
    return _repository(project).ask("rev-parse", "--verify", "HEAD")


def keep_first(
    verified: Verified, files: Mapping[str, bytes], state: Repository, commit: str
) -> FirstReceipt:
    """Put files into a new project, and into the commit it was made with.

    Args:
        verified: The project.
        files: Content by path, relative with `/`.
        state: What became of git when the project was made.
        commit: The commit that it was made with; see `first_commit`.

    Raises:
        RenderError: They cannot be written or committed; nothing was changed.
    """
    with signals.finishing(f"`{verified.path}` is made."):
        keep(verified.path, files)
        is_committed = state not in {"enclosing", "none"} and _commit(verified.path, files, commit)
    return FirstReceipt(verified, tuple(files), is_committed)


def _commit(project: Path, files: Mapping[str, bytes], commit: str) -> bool:
    """Put new files into the commit of a project, unless somebody went on from it meanwhile."""
    repository, names = _repository(project), tuple(files)
    amends = bool(commit) and repository.ask("rev-parse", "--verify", "HEAD") == commit
    amends = amends and not repository.ask("diff", "--cached", "--name-only")
    try:
        repository.run("add", "--force", "--", *names)
        if amends:
            words = ("--amend", "--no-edit", "--no-verify", "--no-gpg-sign", "--quiet")
            repository.run("commit", *words)
    except RenderError:
        with contextlib.suppress(RenderError):
            repository.run("reset", "--quiet", "--", *names)
        for name in names:
            (project / name).unlink(missing_ok=True)
        raise
    return amends


def keep(project: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a project: all of them, or none.

    Args:
        project: The project's directory.
        files: Content by path, relative with `/`.

    Raises:
        ProjectError: A directory that they lie in is a link; nothing was changed.
        RenderError: They cannot be written; nothing was changed.
    """
    refuse_linked(project, files)
    token = secrets.token_hex(8)
    staged: dict[Path, Path] = {}
    try:
        for number, (name, content) in enumerate(files.items()):
            target = project / name
            staged[target] = target.with_name(f".{token}-{number}")
            target.parent.mkdir(parents=True, exist_ok=True)
            staged[target].write_bytes(content)
        _move(staged, token)
    except OSError as error:
        raise RenderError(
            f"`{project}` cannot be written to: {error.strerror}. Nothing was changed there."
        ) from error
    finally:
        for path in staged.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _move(staged: Mapping[Path, Path], token: str) -> None:
    """Move files to their places; on whatever error those that were there are put back."""
    with signals.waiting(), contextlib.ExitStack() as at_last, contextlib.ExitStack() as back:
        for number, (target, path) in enumerate(staged.items()):
            before = target.with_name(f".{token}-{number}-before")
            at_last.callback(before.unlink, missing_ok=True)
            if target.exists() or target.is_symlink():
                shutil.copy2(target, before, follow_symlinks=False)
                back.callback(before.replace, target)
            else:
                back.callback(target.unlink, missing_ok=True)
            path.replace(target)
        back.pop_all()


def _repository(project: Path) -> git.Repository:
    environment = {**git.OFFLINE, "GIT_LITERAL_PATHSPECS": "1"}
    return git.Repository(folder=project, environment=environment, settings=git.IN_WORK_TREE)
