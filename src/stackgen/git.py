"""Calls of git that no configuration, hook or environment of the caller can bend."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from stackgen.errors import RenderError

# What a user's configuration must not do to a repository that stackgen works in.
SETTINGS = {
    "commit.gpgSign": "false",
    "core.autocrlf": "false",
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.safecrlf": "false",
    "gc.auto": "0",
    "init.templateDir": "",
    "maintenance.auto": "false",
    "user.useConfigOnly": "true",
}


def available() -> bool:
    """Whether git can be called at all."""
    return shutil.which("git") is not None


def run(
    *arguments: str,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    accept: tuple[int, ...] = (0,),
) -> subprocess.CompletedProcess[bytes]:
    """Run git and return what it printed.

    Args:
        arguments: The words after `git`.
        cwd: The directory to run in.
        environment: Variables on top of the process's own.
        stdin: What it reads; nothing unless given.
        accept: Exit codes that are an answer and no failure.

    Raises:
        RenderError: git is missing, or it ended with another exit code.
    """
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    # A caller that is itself a git hook exports GIT_DIR and the like: they are not for us.
    own = {name: value for name, value in os.environ.items() if not _points_elsewhere(name)}
    try:
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=cwd,
            env={**own, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(environment or {})},
            input=stdin or b"",
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise RenderError(f"git cannot be run: {error.strerror}. Install git.") from error
    if done.returncode not in accept:
        said = " ".join(done.stderr.decode(errors="replace").split())
        raise RenderError(f"git {arguments[0]} failed: {said or done.returncode}")
    return done


def _points_elsewhere(name: str) -> bool:
    identity = name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_GLOBAL"))
    return name.startswith("GIT_") and not identity


def has_identity(directory: Path) -> bool:
    """Whether git knows in whose name to commit in `directory`, without guessing."""
    for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if run("var", who, cwd=directory, accept=(0, 1, 128)).returncode:
            return False
    return True


def configured(name: str, directory: Path) -> str:
    """A value of git's configuration as seen from `directory`, or an empty text."""
    if not available():
        return ""
    done = run("config", "--get", name, cwd=directory, accept=(0, 1, 2, 3, 4, 5, 6, 128, 129))
    return done.stdout.decode(errors="replace").strip()


def enclosing_repository(directory: Path) -> Path | None:
    """The work tree that `directory` lies in, found without calling git."""
    for place in (directory, *directory.parents):
        if (place / ".git").exists():
            return place
    return None
