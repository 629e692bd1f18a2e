"""Calls of git that no configuration, hook or environment of the caller can bend."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
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

# In a bare one that may be damaged: git must not look for another in the folders above it.
HERE = {"GIT_DIR": "."}

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


SUBMODULE = "160000"
"""The mode of a commit of another repository in a tree."""

LITTLE_SPACE = 64 * 1024
"""In bytes: with less, writing even a small file may fail."""


_patience: ContextVar[float | None] = ContextVar("patience", default=None)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let no call of git in this thread take longer, for as long as the context lasts.

    A repository may hold a pipe where git expects a file, or have a filter that never ends.
    """
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def available() -> bool:
    """Whether git can be called at all."""
    return shutil.which("git") is not None


def version(directory: Path) -> tuple[int, int]:
    """Return the first two numbers of git's version, asked from any directory that exists."""
    # A configuration that cannot be read must not hide how old git is.
    words = run("version", cwd=directory, environment=PRIVATE).stdout.decode().split()
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
        RenderError: git or the directory is missing, it ended with another exit code, or not within
            the `patience` that there is.
    """
    try:
        done = subprocess.run(
            _words(arguments, settings),
            cwd=cwd,
            env=_variables(environment),
            input=stdin or b"",
            capture_output=True,
            check=False,
            timeout=_patience.get(),
        )
    except subprocess.TimeoutExpired as error:
        raise RenderError(
            f"git {arguments[0]} in `{cwd}` did not end within {error.timeout:g} seconds."
        ) from error
    except OSError as error:
        raise _not_started(error, cwd) from error
    if done.returncode not in accept:
        raise RenderError(f"git {arguments[0]} failed: {_cause(done, cwd)}")
    return done


class BoundsError(RenderError):
    """A call of git was ended, for it took more than it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a call of git may take that deals with what strangers wrote.

    Attributes:
        seconds: How long it may run.
        bytes: How much it may print.
        is_too_much: Asked while it runs: whether it has taken too much space.
    """

    seconds: float
    bytes: int = 16 * 1024 * 1024
    is_too_much: Callable[[], bool] = bool


def run_bounded(
    *arguments: str,
    cwd: Path,
    bounds: Bounds,
    environment: Mapping[str, str] | None = None,
    settings: Mapping[str, str] = SETTINGS,
) -> bytes:
    """Run git and return what it printed; it is ended, with all it started, beyond its bounds.

    Args:
        arguments: The words after `git`.
        cwd: The directory to run in.
        bounds: What it may take.
        environment: Variables on top of the process's own.
        settings: Configuration that overrides the user's.

    Raises:
        BoundsError: It went beyond its bounds.
        RenderError: git is missing, or failed.
    """
    try:
        process = subprocess.Popen(
            _words(arguments, settings),
            cwd=cwd,
            env=_variables(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # So that whatever it started ends with it.
        )
    except OSError as error:
        raise _not_started(error, cwd) from error
    with process:
        try:
            stdout, stderr, excess = _read_within(process, bounds)
        finally:
            _end_group(process)
    if excess:
        raise BoundsError(f"git {arguments[0]} was ended: {excess}.")
    done = subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)
    if done.returncode:
        raise RenderError(f"git {arguments[0]} failed: {_cause(done, cwd)}")
    return stdout


def _read_within(process: subprocess.Popen[bytes], bounds: Bounds) -> tuple[bytes, bytes, str]:
    """Read what a process prints; the last text says how it went beyond its bounds, if it did."""
    printed = {process.stdout: b"", process.stderr: b""}
    deadline = time.monotonic() + bounds.seconds
    excess = ""
    with selectors.DefaultSelector() as selector:
        for stream in printed:
            selector.register(stream, selectors.EVENT_READ)  # type: ignore[arg-type]
        while selector.get_map() and not excess:
            for key, _ in selector.select(timeout=0.2):
                chunk = os.read(key.fd, 65536)
                printed[key.fileobj] += chunk  # type: ignore[index]
                if not chunk:
                    selector.unregister(key.fileobj)
            if time.monotonic() > deadline:
                excess = f"it took longer than {bounds.seconds:g} seconds"
            elif sum(map(len, printed.values())) > bounds.bytes:
                excess = f"it printed more than {bounds.bytes // 1024} KiB"
            elif bounds.is_too_much():
                excess = "what came was too large"
    if not excess:
        process.wait()
    return printed[process.stdout], printed[process.stderr], excess


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):  # Nothing of it is left.
        os.killpg(process.pid, signal.SIGKILL)


def _words(arguments: tuple[str, ...], settings: Mapping[str, str]) -> list[str]:
    fixed = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return ["git", *fixed, *arguments]


def _variables(environment: Mapping[str, str] | None) -> dict[str, str]:
    # A caller that is itself a git hook exports GIT_DIR and the like: they are not for us.
    own = {name: value for name, value in os.environ.items() if not _points_elsewhere(name)}
    return {**own, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(environment or {})}


def _not_started(error: OSError, cwd: Path) -> RenderError:
    if str(error.filename) == str(cwd):  # The place to run it in, and not the program.
        return RenderError(f"`{cwd}` cannot be entered: {error.strerror}.")
    if isinstance(error, FileNotFoundError):
        return RenderError("git cannot be run: it is not on `PATH`. Install git.")
    return RenderError(f"git cannot be run: {error.strerror}.")


def _cause(done: subprocess.CompletedProcess[bytes], cwd: Path) -> str:
    """Return why git failed, which it does not always say itself."""
    cause = message(done)
    if done.returncode < 0:
        name = signal.strsignal(-done.returncode)
        cause = f"{cause} It was killed by signal {-done.returncode} ({name}).".lstrip()
    elif not cause:
        cause = f"exit code {done.returncode}."
    # git names the file that it could not write, and leaves out why.
    if shutil.disk_usage(cwd).free < LITTLE_SPACE and "space" not in cause:
        cause += " The disk is full."
    return cause


def message(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return all that git wrote on stderr, its advice too, on one line."""
    return " ".join(done.stderr.decode(errors="replace").split())


def _points_elsewhere(name: str) -> bool:
    identity = name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_GLOBAL"))
    return name.startswith("GIT_") and not identity


def has_identity(directory: Path) -> bool:
    """Whether git knows in whose name to commit in `directory`, without guessing."""
    for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if run("var", who, cwd=directory, accept=(0, 1, 128)).returncode:
            return False
    return True


def signs_commits(directory: Path) -> bool:
    """Whether the person's configuration has commits in `directory` signed."""
    words = ("config", "--type=bool", "--get", "commit.gpgSign")
    done = run(*words, cwd=directory, accept=(0, 1, 128), settings={})
    return done.stdout.strip() == b"true"


def configured(name: str, directory: Path) -> str:
    """Return a value of git's configuration as seen from `directory`, or an empty text."""
    if not available():
        return ""
    done = run("config", "--get", name, cwd=directory, accept=(0, 1, 2, 3, 4, 5, 6, 128, 129))
    return done.stdout.decode(errors="replace").strip()


def enclosing_repository(directory: Path) -> Path | None:
    """Return the work tree that `directory` lies in, found without calling git."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A place to run git in, with what every call there needs.

    Attributes:
        folder: The directory to run in.
        environment: Variables on top of the process's own.
        settings: Configuration that overrides the user's.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: PRIVATE)
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (0,),
    ) -> bytes:
        """Run git here and return what it printed; see `run`."""
        return run(
            *arguments,
            cwd=self.folder,
            stdin=stdin,
            environment={**self.environment, **(environment or {})},
            accept=accept,
            settings=self.settings,
        ).stdout

    def text(
        self,
        *arguments: str,
        stdin: str = "",
        environment: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (0,),
    ) -> str:
        """Run git here with a text and return one, without its last line end; see `run`."""
        done = self.run(*arguments, stdin=to_bytes(stdin), environment=environment, accept=accept)
        return to_text(done).removesuffix("\n")

    def ask(self, *arguments: str) -> str:
        """Return what git answers here, or an empty text where it has no answer."""
        done = run(
            *arguments,
            cwd=self.folder,
            environment=self.environment,
            accept=(0, 1, 128),
            settings=self.settings,
        )
        return "" if done.returncode else to_text(done.stdout).removesuffix("\n")

    def records(self, *arguments: str, environment: Mapping[str, str] | None = None) -> list[str]:
        """Run git here and return the records that end in NUL; see `run`."""
        return self.text(*arguments, environment=environment).split("\0")[:-1]


def to_bytes(text: str) -> bytes:
    """Encode a text that may hold the bytes of a path that is no UTF-8."""
    return text.encode(errors="surrogateescape")


def to_text(raw: bytes) -> str:
    """Decode what may hold a path that is no UTF-8, so that `to_bytes` gives it back."""
    return raw.decode(errors="surrogateescape")
