"""How much code a part of a project is: lines that are not blank, comment or docstring.

    python tests/code_size.py PROJECT [PART ...]

counts the Python below each part, a file or a folder of the project, without its tests.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterable
from pathlib import Path

PEOPLE = ("app/accounts", "app/admin")
"""What people, and those who look after them, bring to a Flask project. `app/access.py` and
`app/mail.py` are in projects without users as well."""
SILENT = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}


def lines_of_code(text: str) -> int:
    """Count the lines of a module that do something."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines: set[int] = set()
    for token in tokens:
        if token.type not in SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            first = node.body[0]
            lines.difference_update(range(first.lineno, (first.end_lineno or 0) + 1))
    return len(lines)


def is_test(path: Path) -> bool:
    return path.name.startswith("test") or "tests" in path.parts


def count(project: Path, parts: Iterable[str] = PEOPLE) -> dict[str, int]:
    """Count each module of some parts of a project, by its path."""
    found: dict[str, int] = {}
    for part in parts:
        place = project / part
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        for file in files:
            name = file.relative_to(project)
            if not is_test(name):
                found[name.as_posix()] = lines_of_code(file.read_text("utf-8"))
    return found


if __name__ == "__main__":
    sizes = count(Path(sys.argv[1]), sys.argv[2:] or PEOPLE)
    for name, size in {**sizes, "in all": sum(sizes.values())}.items():
        sys.stdout.write(f"{size:6}  {name}\n")
