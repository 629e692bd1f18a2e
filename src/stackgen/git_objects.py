"""Repositories of stackgen's own, and what git keeps: contents and trees, many at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from stackgen.errors import RenderError
from stackgen.git import ANY_OWNER, PRIVATE, SHORT_LIVED, run

# In whose name stackgen commits to a repository of its own.
NAME, EMAIL = "stackgen", "stackgen@stackgen.invalid"

EXECUTABLE, PLAIN = "100755", "100644"
"""Modes of files in a tree."""

Entries = Mapping[str, tuple[str, str]]
"""Files by their path in a tree: git's mode, and the name of the content."""

_LONG = 64  # The digits of a name in a repository of the format `sha256`.


def identity(time: int = 0) -> dict[str, str]:
    """Return the environment in which stackgen itself commits to a repository of its own.

    Args:
        time: When it says that was, in seconds since 1970.
    """
    author = {"NAME": NAME, "EMAIL": EMAIL, "DATE": f"@{time} +0000"}
    return {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in author.items()
    }


def make_repository(folder: Path, *, object_format: str = "sha1") -> None:
    """Make a bare repository of stackgen's own.

    Args:
        folder: Where it goes; it is made where it is missing.
        object_format: `sha1` or `sha256`.

    Raises:
        RenderError: git failed.
    """
    folder.mkdir(exist_ok=True)
    init = ("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}")
    run(*init, cwd=folder, environment=PRIVATE)


def borrow(folder: Path, objects: Iterable[Path]) -> None:
    """Let a repository see the objects of others as if they were its own.

    Args:
        folder: A bare repository.
        objects: The stores of the others; what these borrow themselves is seen, too.
    """
    stores = [each for store in objects for each in (store, *_borrowed(store))]
    alternates = folder / "objects/info/alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_bytes(b"".join(os.fsencode(path) + b"\n" for path in stores))


def _borrowed(objects: Path) -> list[Path]:
    """Return the stores that a store borrows from.

    git itself ignores those with relative paths at one remove.
    """
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
        stdin=b"".join(_quoted(path) + b"\n" for path in listed),
        settings=SHORT_LIVED,
    )
    modes = [_mode(folder / path) for path in listed]
    entries = zip(modes, names.stdout.decode().split(), strict=True)
    return dict(zip(listed, entries, strict=True))


def _quoted(path: str) -> bytes:
    """Return a path as a line for git, which takes one in quotes by the rules of C.

    Plain ones would do, but for a name that begins with a quote or has a line end in it.
    """
    escaped = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"%s"' % escaped.replace(b"\n", b"\\n").replace(b"\r", b"\\r")


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
