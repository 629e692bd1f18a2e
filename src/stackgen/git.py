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
    "core.attributesFile": os.devnull,
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

# The same where the user's work tree is read or written: line ends, filters and ignored files stay
# as the user configured them.
IN_WORK_TREE = {
    name: SETTINGS[name]
    for name in ("core.fsmonitor", "core.hooksPath", "core.safecrlf", "gc.auto", "maintenance.auto")
}

# For reading whoever's repository it is: nothing that it brings along is run.
ANY_OWNER = {**SETTINGS, "safe.directory": "*"}

# For a repository that is gone in a moment: waiting for the disk, file by file, is for no one.
SHORT_LIVED = {**ANY_OWNER, "core.fsync": "none"}

# git fetches nothing, not even what a partial clone lacks, and does not touch an index it reads.
OFFLINE = {"GIT_ALLOW_PROTOCOL": "file", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}

# For a repository of our own, in which nobody's configuration counts.
PRIVATE = {**OFFLINE, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

# By these the environment points git to another repository, as it does in a git hook.
_REDIRECTIONS = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
}


def available() -> bool:
    """Whether git can be called at all."""
    return shutil.which("git") is not None


def version(directory: Path) -> tuple[int, int]:
    """The first two numbers of git's version, asked from any directory that exists."""
    words = run("version", cwd=directory).stdout.decode().split()
    major, minor, *_ = words[2].split(".")
    return int(major), int(minor)


def run(
    *arguments: str,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    accept: tuple[int, ...] = (0,),
    settings: Mapping[str, str] = SETTINGS,
) -> subprocess.CompletedProcess[bytes]:
    """Run git and return what it printed.

    Args:
        arguments: The words after `git`.
        cwd: The directory to run in.
        environment: Variables on top of the process's own.
        stdin: What it reads; nothing unless given.
        accept: Exit codes that are an answer and no failure.
        settings: Configuration that overrides the user's.

    Raises:
        RenderError: git is missing, or it ended with another exit code.
    """
    fixed = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    # A caller that is itself a git hook exports GIT_DIR and the like: they are not for us.
    own = {name: value for name, value in os.environ.items() if not _points_elsewhere(name)}
    try:
        done = subprocess.run(
            ["git", *fixed, *arguments],
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


def reaching_remotes() -> dict[str, str]:
    """How the caller has git reach other repositories: by which keys, proxies and certificates."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("GIT_") and name not in _REDIRECTIONS
    }
