"""Standards as tests make them: real repositories, of files or of trees that no file system has."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from rendering import write_tree
from template_history import commit, git

NAMED = 'name = "acme"\n'

LOCKED = (
    NAMED
    + """
[options.database]
value = "postgresql"
locked = true
because = "Operations backs up PostgreSQL alone."
owner = "platform@example.com"
link = "https://example.com/database"

[options.ci]
allowed = ["gitlab", "none"]

[options.license]
value = "proprietary"
"""
)


def make_standard(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Make a standard of files, committed; `standard.toml` is no more than a name unless given."""
    write_tree(folder, {"standard.toml": NAMED, **(files or {})})
    git("init", "-q", "-b", "main", cwd=folder)
    commit(folder, "standard")
    return folder


def change_standard(folder: Path, files: Mapping[str, str | bytes | None]) -> str:
    """Commit a change of a standard, and return the commit; None deletes a file."""
    write_tree(folder, {name: text for name, text in files.items() if text is not None})
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()
    commit(folder, "change")
    return head(folder)


def head(folder: Path) -> str:
    return git("rev-parse", "HEAD", cwd=folder)


def commit_tree(folder: Path, entries: Mapping[str, tuple[str, bytes]]) -> Path:
    """Make a bare standard whose tree holds entries that git itself would never write.

    Args:
        folder: The repository to make.
        entries: Path to mode and content; a content of 40 digits is the name of a commit.
    """
    git("init", "-q", "--bare", "-b", "main", str(folder), cwd=folder.parent)
    listed = {"standard.toml": ("100644", NAMED.encode()), **entries}
    tree = _tree(folder, {tuple(path.split("/")): entry for path, entry in listed.items()})
    made = git("commit-tree", tree, "-m", "odd", cwd=folder)
    git("update-ref", "refs/heads/main", made, cwd=folder)
    return folder


def _tree(folder: Path, entries: Mapping[tuple[str, ...], tuple[str, bytes]]) -> str:
    lines, below = [], {}
    for (first, *rest), entry in entries.items():
        if rest:
            below.setdefault(first, {})[tuple(rest)] = entry
            continue
        mode, content = entry
        name = content.decode() if mode == "160000" else _write(folder, "blob", content)
        lines.append((mode, first, name))
    lines += [("40000", name, _tree(folder, inner)) for name, inner in below.items()]
    raw = b"".join(
        f"{mode} {name}".encode(errors="surrogateescape") + b"\0" + bytes.fromhex(digest)
        for mode, name, digest in sorted(lines, key=lambda line: line[1])
    )
    return _write(folder, "tree", raw)


def _write(folder: Path, kind: str, content: bytes) -> str:
    done = subprocess.run(
        ["git", "hash-object", "-w", "-t", kind, "--stdin", "--literally"],
        cwd=folder,
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()
