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

# For a repository that is gone in a moment: waiting for the disk, file by file, is for no one.
SHORT_LIVED = {**ANY_OWNER, "core.fsync": "none"}

# git fetches nothing, not even what a partial clone lacks, and does not touch an index it reads.
OFFLINE = {"GIT_ALLOW_PROTOCOL": "file", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}

# For a repository of our own, in which nobody's configuration counts.
PRIVATE = {**OFFLINE, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


_LONG = 64  # digits

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

# In whose name stackgen commits to a repository of its own.
NAME, EMAIL = "stackgen", "stackgen@stackgen.invalid"

EXECUTABLE, PLAIN = "100755", "100644"
"""Modes of files in a tree."""

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


def reaching_remotes() -> dict[str, str]:
    """How the caller has git reach other repositories: by which keys, proxies and certificates."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("GIT_") and name not in _REDIRECTIONS
    }


def make_repository(
    folder: Path, *, object_format: str = "sha1", objects: Iterable[Path] = ()
) -> None:
    """Make a bare repository of stackgen's own.

    Args:
        folder: Where it goes; it is made where it is missing.
        object_format: `sha1` or `sha256`.
        objects: The stores of other repositories, whose objects it sees as if they were its own,
            and what these borrow themselves.

    Raises:
        RenderError: git failed.
    """
    stores = [each for store in objects for each in (store, *_borrowed(store))]
    folder.mkdir(exist_ok=True)
    init = ("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}")
    run(*init, cwd=folder, environment=PRIVATE)
    alternates = folder / "objects/info/alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_bytes(b"".join(os.fsencode(path) + b"\n" for path in stores))


def _borrowed(objects: Path) -> list[Path]:
    """The stores that a store borrows from: git ignores those with relative paths at one remove."""
    alternates = objects / "info/alternates"
    lines = os.fsdecode(alternates.read_bytes()).splitlines() if alternates.is_file() else []
    return [(objects / line).resolve() for line in lines if line and not line.startswith("#")]


def object_format(*names: str) -> str:
    """Return the format of a repository by the length of the names in it; `sha1` without any."""
    return "sha256" if any(len(name) == _LONG for name in names) else "sha1"


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
        settings=SHORT_LIVED,
    )
    modes = [_mode(folder / path) for path in listed]
    entries = zip(modes, names.stdout.decode().split(), strict=True)
    return dict(zip(listed, entries, strict=True))


def _mode(file: Path) -> str:
    return EXECUTABLE if file.stat().st_mode & 0o100 else PLAIN


def list_files(
    tree: str, *paths: str, cwd: Path, environment: Mapping[str, str] = PRIVATE
) -> Entries:
    """Return the files of a tree or commit in a repository, whoever's it is.

    Args:
        tree: Its name.
        paths: Those below which they are looked for; all of them unless given.
        cwd: The repository.
        environment: Variables on top of the process's own.

    Raises:
        RenderError: git failed.
    """
    words = ("ls-tree", "-r", "-z", "--full-tree", tree, "--", *paths)
    listing = run(*words, cwd=cwd, environment=environment, settings=ANY_OWNER).stdout
    found = {}
    for line in listing.decode(errors="surrogateescape").split("\0"):
        fields, _, path = line.partition("\t")
        if path:
            mode, _, name = fields.split()
            found[path] = (mode, name)
    return found


def write_entries(repository: Path, entries: Entries) -> str:
    """Make a tree in a bare repository of stackgen's own, and return its name.

    Args:
        repository: The repository; it need not hold the contents.
        entries: The files.

    Raises:
        RenderError: git failed.
    """
    lines = "".join(f"{mode} {name}\t{path}\0" for path, (mode, name) in entries.items())

    def ask(*words: str, stdin: str = "") -> str:
        text = stdin.encode(errors="surrogateescape")
        done = run(*words, cwd=repository, environment=PRIVATE, stdin=text, settings=SHORT_LIVED)
        return done.stdout.decode().strip()

    ask("read-tree", "--empty")
    ask("update-index", "-z", "--index-info", stdin=lines)
    return ask("write-tree", "--missing-ok")


def write_tree(repository: Path, folder: Path, paths: Iterable[str]) -> str:
    """Write files into a bare repository of stackgen's own; return the name of their tree.

    Raises:
        RenderError: git failed.
    """
    return write_entries(repository, hash_files(folder, paths, repository=repository))


def read_objects(
    names: Iterable[str],
    *,
    cwd: Path,
    environment: Mapping[str, str] = PRIVATE,
) -> list[bytes]:
    """Return the contents of objects of a repository, whoever's it is, in one go.

    Args:
        names: The objects' names.
        cwd: The repository.
        environment: Variables on top of the process's own.

    Raises:
        RenderError: git failed, or the repository lacks one of them.
    """
    listed = list(names)
    output = run(
        *("cat-file", "--batch"),
        cwd=cwd,
        environment=environment,
        stdin="".join(f"{name}\n" for name in listed).encode(),
        settings=ANY_OWNER,
    ).stdout
    contents, start = [], 0
    for name in listed:
        # `<name> SP <type> SP <size> LF <content> LF`: git-cat-file(1), "Batch output".
        end = output.index(b"\n", start)
        size = output[start:end].rpartition(b" ")[2]
        if not size.isdigit():
            raise RenderError(f"git has no object `{name}` in `{cwd}`.")
        contents.append(output[end + 1 : end + 1 + int(size)])
        start = end + 2 + int(size)
    return contents


def read_tree(content: bytes, name: str) -> dict[str, tuple[str, str]]:
    """Return what a tree object holds: git's mode and the object, by name, not recursively.

    Args:
        content: Of the object.
        name: Its own name, which is as long as those in it.
    """
    found, length = {}, len(name) // 2
    while content:
        # `<mode> SP <name> NUL <object>`: the object's name in bytes.
        head, _, rest = content.partition(b"\0")
        mode, _, entry = head.partition(b" ")
        found[entry.decode(errors="surrogateescape")] = (mode.decode(), rest[:length].hex())
        content = rest[length:]
    return found
