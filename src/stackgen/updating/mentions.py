"""What an update takes away and a project's own code still names.

git merges a deletion without a conflict where nobody edited the file. A module that imports it, or
a page that extends it, is another file: it would fail at the next request, and the update has said
nothing. So the project's own files are read for the names of modules, templates and static files.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from stackgen import foreign_python
from stackgen.updating.merge import Merge, Store

_READ = frozenset({".html", ".jinja", ".jinja2", ".py", ".txt", ".xml"})
"""What code and templates of a project end with."""

_LOOKED_UP = ("static", "templates")
"""The folders below which a file is found by the rest of its path."""

_QUOTED = re.compile(r"""(["'])([\w./-]+)\1""")

_SHOWN = 3
"""How many files are named for each that is deleted."""


def mentions(merge: Merge, store: Store) -> Mapping[str, Sequence[str]]:
    """Return each file that goes to the project's own files that name it, all relative with `/`.

    Args:
        merge: The merge.
        store: Where its contents are.

    Raises:
        RenderError: git failed.
    """
    after = merge.changes.after
    gone = {path: _name(path) for path in merge.old if path not in after}
    gone = {path: name for path, name in gone.items() if name and path in merge.changes.before}
    if not gone:
        return {}
    own = {
        path: entry
        for path, entry in after.items()
        if entry != merge.new.get(path) and PurePosixPath(path).suffix in _READ
    }
    found: dict[str, list[str]] = defaultdict(list)
    deepest = max(name.count(".") + 1 for name in gone.values())
    for path, content in store.contents(own).items():
        names = _names(path, content.decode(errors="replace"))
        modules = _with_packages(names, deepest)
        for one, name in gone.items():
            if name in (modules if one.endswith(".py") else names):
                found[one].append(path)
    return {path: sorted(files) for path, files in sorted(found.items())}


def warnings(mentions: Mapping[str, Sequence[str]], project: Path) -> Iterator[str]:
    """Yield a sentence for each file that goes, for a person.

    Args:
        mentions: The files that go, each with those that name it.
        project: The project's directory.
    """
    for path, files in mentions.items():
        named = ", ".join(f"`{file}`" for file in files[:_SHOWN])
        more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
        back = shlex.join(["git", "-C", str(project), "checkout", "HEAD", "--", path])
        yield (
            f"`{path}` is deleted with this update, and still used in {named}{more}. Change that, "
            f"or take the file back with `{back}`."
        )


def _name(path: str) -> str:
    """Return by what code names a file; empty where it names none of its kind."""
    parts = path.split("/")
    if path.endswith(".py"):
        module = parts[:-1] if parts[-1] == "__init__.py" else [*parts[:-1], parts[-1][:-3]]
        return ".".join(module)
    for folder in _LOOKED_UP:
        if folder in parts[:-1]:
            return "/".join(parts[parts.index(folder) + 1 :])
    return ""


def _with_packages(names: Collection[str], deepest: int) -> frozenset[str]:
    """Return names with those of the packages that they lie in, of so many parts at most.

    A text in quotes may have any number of parts, which nothing that goes is called.
    """
    found = set(names)
    for name in names:
        parts = name.split(".", deepest)[:deepest]
        found.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return frozenset(found)


def _names(path: str, text: str) -> frozenset[str]:
    """Return what a file may name others by: modules that it imports, and texts in quotes."""
    if not path.endswith(".py"):
        return frozenset(name for _, name in _QUOTED.findall(text))
    try:
        tree = foreign_python.parse(text)
    except ValueError:
        return frozenset()  # Of another Python, or in conflict.
    package = path.split("/")[:-1]
    return frozenset(name for node in ast.walk(tree) for name in _of_node(node, package))


def _of_node(node: ast.AST, package: Sequence[str]) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom():
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        case ast.Constant(value=str()):
            yield str(node.value)
