"""Calls of git that no configuration, hook or environment of the caller can bend."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
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

# git fetches nothing, not even what a partial clone lacks, and does not touch an index it reads.
OFFLINE = {"GIT_ALLOW_PROTOCOL": "file", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}

# For a repository of our own, in which nobody's configuration counts.
PRIVATE = {**OFFLINE, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


# In whose name stackgen commits to a repository of its own.
NAME, EMAIL = "stackgen", "stackgen@stackgen.invalid"

Entries = Mapping[str, tuple[str, str]]
"""Files by their path in a tree: git's mode, and the name of the content."""


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


def identity(time: int = 0) -> dict[str, str]:
    """The environment in which stackgen itself commits to a repository of its own.

    Args:
        time: When it says that was, in seconds since 1970.
    """
    author = {"NAME": NAME, "EMAIL": EMAIL, "DATE": f"@{time} +0000"}
    return {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in author.items()
    }


def make_repository(
    folder: Path, *, object_format: str = "sha1", objects: Iterable[Path] = ()
) -> None:
    """Make a bare repository of stackgen's own.

    Args:
        folder: Where it goes; it is made where it is missing.
        object_format: `sha1` or `sha256`.
        objects: The stores of other repositories, whose objects it sees as if they were its own.

    Raises:
        RenderError: git failed.
    """
    folder.mkdir(exist_ok=True)
    init = ("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}")
    run(*init, cwd=folder, environment=PRIVATE)
    alternates = folder / "objects/info/alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_bytes(b"".join(os.fsencode(path) + b"\n" for path in objects))


def hash_files(folder: Path, paths: Iterable[str], *, repository: Path | None = None) -> Entries:
    """Return what files are in a tree: byte for byte, whatever line ends or filters are configured.

    Args:
        folder: Where they are.
        paths: Their paths in it, with `/`.
        repository: A bare one of stackgen's own that takes their content in; none unless given.

    Raises:
        RenderError: git failed.
    """
    listed = list(paths)
    words = ["hash-object", "--no-filters", "--stdin-paths"]
    if repository:
        words = ["--git-dir", str(repository), *words, "-w"]
    names = run(
        *words,
        cwd=folder,
        environment=PRIVATE,
        stdin=os.fsencode("".join(f"{path}\n" for path in listed)),
        settings=ANY_OWNER,
    )
    modes = ["100755" if (folder / path).stat().st_mode & 0o100 else "100644" for path in listed]
    entries = zip(modes, names.stdout.decode().split(), strict=True)
    return dict(zip(listed, entries, strict=True))


def write_entries(repository: Path, entries: Entries) -> str:
    """Make a tree of contents that a bare repository of stackgen's own holds; return its name.

    Raises:
        RenderError: git failed.
    """
    lines = "".join(f"{mode} {name}\t{path}\0" for path, (mode, name) in entries.items())
    run("read-tree", "--empty", cwd=repository, environment=PRIVATE)
    index = ("update-index", "-z", "--index-info")
    text = lines.encode(errors="surrogateescape")
    run(*index, cwd=repository, environment=PRIVATE, stdin=text)
    return run("write-tree", cwd=repository, environment=PRIVATE).stdout.decode().strip()


def write_tree(repository: Path, folder: Path, paths: Iterable[str]) -> str:
    """Write files into a bare repository of stackgen's own; return the name of their tree.

    Raises:
        RenderError: git failed.
    """
    return write_entries(repository, hash_files(folder, paths, repository=repository))
