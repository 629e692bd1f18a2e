"""The version that a project follows, and whether an update can start from it."""

from __future__ import annotations

from pathlib import Path

from packaging.version import Version

from stackgen import git
from stackgen.errors import ProjectError
from stackgen.foreign_text import quoted
from stackgen.template.index import Index, read_index
from stackgen.template.source import Source
from stackgen.template.versions import NAMELESS, Tag, parse_tag


def check_version(recorded: object, file: Path, source: Source, index: Index | None = None) -> str:
    """Return the version that a project records, if the installed history holds it.

    Numbers alone do not tell which of two versions is the later one: those of development versions
    count from where a clone begins, and once counted the commits of merged branches, too.

    Args:
        recorded: What stands there.
        file: The project's answers file.
        source: The installed template.
        index: What its history holds; read anew unless it is given.

    Raises:
        ProjectError: It is no version, or not one that the history holds.
    """
    tag = parse_tag(recorded)
    if tag is None:
        raise ProjectError(
            f"`_commit` in `{file}` is {quoted(recorded)}, which is not a version of stackgen. "
            "Restore the file from git."
        )
    if tag.text != source.tag:
        index = index or read_index(source.history, source.tag)
        if index.find(tag) is None:
            reason = _unknown(tag, file, index) or _missing(tag, file, source, index)
            raise ProjectError(f"`{file.parent}` follows {tag.text}, {reason}")
    return tag.text


def _unknown(tag: Tag, file: Path, index: Index) -> str:
    """Say why only the build itself knows a version; empty for one that has a name."""
    if tag.is_dirty:
        base = f"`{tag.clean}`" if tag.commit in index.commits else "a version near it"
        return (
            f"made by a build with uncommitted changes of commit `{tag.commit}`, which no other "
            f"build knows. To go on without these, {_set_version(file, base)}"
        )
    if tag.text == f"v{NAMELESS}":
        return (
            "made by a build from files without git, which no other build knows. To go on, "
            f"{_set_version(file, 'the version nearest to it')}"
        )
    return ""


def _missing(tag: Tag, file: Path, source: Source, index: Index) -> str:
    """Say why the history lacks a version."""
    if tag.commit in index.omitted:
        return (
            "which this stackgen's history leaves out to stay small. Install stackgen from a clone "
            "with `pip install --editable`: that has all of it."
        )
    if tag.commit and index.is_shallow:
        return (
            "and this stackgen was built from a shallow clone, whose history does not hold that. "
            "Run `git fetch --unshallow` in the clone, and install it again."
        )
    if _number(tag.version) > _number(Version(source.tag)):
        lacks = f", which does not hold commit `{tag.commit}`" if tag.commit else ""
        return f"and this is stackgen {source.tag}{lacks}. Upgrade stackgen."
    if not (index.commits or git.available()):
        return "and there is no `git` to read this stackgen's history with. Install it."
    if not index.commits:
        return (
            "which this stackgen's history does not hold: it was built from files without one. "
            "Install it from a clone."
        )
    return (
        f"and this stackgen's history does not hold {tag.text}. It holds releases and every commit "
        "that was the head of its branch, and no others of branches that were merged. Update with "
        f"the stackgen that made the project, or {_set_version(file, 'a version near it')}"
    )


def _number(version: Version) -> Version:
    """Return the version without the commit, by whose name it would be compared otherwise."""
    return Version(version.public)


def _set_version(file: Path, version: str) -> str:
    return (
        f"set `_commit` in `{file}` to {version} and commit that: what differs then counts as "
        "your edits."
    )
