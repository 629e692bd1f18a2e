"""Tables of TOML and JSON merged: an overlay adds to a few files of the template key by key.

A TOML file keeps its comments and its order: what is new is written into its text, and what comes
of that is read again and compared with what was meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple

from stackgen import foreign_json, foreign_toml
from stackgen.errors import StandardError

MERGED = ("pyproject.toml", "package.json", "renovate.json")
"""The files, at the root of a project, of which an overlay gives tables and not the whole."""

LARGEST_ADDITION = 64 * 1024
"""In bytes."""

MOST_KEYS = 200
"""How many keys an overlay may give: the text is read again for each."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_LINE = 100

Path = tuple[str, ...]


def is_merged(path: str) -> bool:
    """Return whether an overlay's file of that path is merged where the template has it, too."""
    return path in MERGED


def merge_tables(path: str, base: str, addition: str) -> str:
    """Merge the tables of an overlay's file into those of the template's.

    Args:
        path: The file, whose name tells the format.
        base: The template's text.
        addition: The overlay's text; its values go before.

    Returns:
        The text with both.

    Raises:
        StandardError: One of them cannot be read, or the values cannot be written into the text.
    """
    try:
        return _merged(path, base, addition)
    except (ValueError, RecursionError) as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise StandardError(f"`{path}` of the overlay cannot be merged: {said}.") from error


def _merged(path: str, base: str, addition: str) -> str:
    if len(addition.encode()) > LARGEST_ADDITION:
        raise ValueError(f"it is larger than {LARGEST_ADDITION // 1024} KiB")
    load = foreign_toml.loads if PurePosixPath(path).suffix == ".toml" else foreign_json.loads
    before, wanted = load(base), load(addition)
    if not (isinstance(before, dict) and isinstance(wanted, dict)):
        raise ValueError("it is no table")  # noqa: TRY004 - of what a file says
    leaves = list(_leaves(wanted))
    if len(leaves) > MOST_KEYS:
        raise ValueError(f"it has more than {MOST_KEYS} keys")
    expected = _deep(before, wanted)
    if load is foreign_json.loads:
        return json.dumps(expected, indent=_indent(base), ensure_ascii=False) + "\n"
    text = base
    for key, value in leaves:
        if _at(before, key) != value:
            text = _set(text, key, value)
    if _read(text) != expected:
        raise ValueError(
            "what the template has there is written in another way. Give whole tables with a "
            "header, and no dotted keys"
        )
    return text


def _indent(text: str) -> int:
    found = re.search(r"\n( +)\S", text)
    return len(found[1]) if found else 2


def _read(text: str) -> Mapping[str, Any] | None:
    try:
        return foreign_toml.loads(text)
    except ValueError:
        return None


def _deep(base: Mapping[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(base)
    for key, value in addition.items():
        there = found.get(key)
        both = isinstance(there, dict) and isinstance(value, dict)
        found[key] = _deep(there, value) if both else value  # type: ignore[arg-type]
    return found


def _leaves(table: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _at(table: Any, path: Path) -> Any:
    for key in path:
        if not isinstance(table, dict) or key not in table:
            return None
        table = table[key]
    return table


class _Statement(NamedTuple):
    """A header, or a key with its value: where it is, and what it speaks of.

    Attributes:
        kind: What it is; a header of an array of tables hides all below it.
        path: The whole key.
        start: Where the value begins, or the header.
        end: Where it ends, without the comment behind it.
    """

    kind: Literal["table", "array", "value"]
    path: Path
    start: int
    end: int


def _set(text: str, path: Path, value: Any) -> str:
    """Give a key a value: in its place, at the end of its table, or in a table of its own."""
    written = _written(value, len(".".join(path)) + 3)
    statements = list(_statements(text))
    for each in statements:
        if each.kind == "value" and each.path == path:
            return text[: each.start] + written + text[each.end :]
    table, line = path[:-1], f"{_key(path[-1:])} = {written}\n"
    place = _end_of(table, statements)
    if place is None:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}[{_key(table)}]\n{line}" if table else f"{line}{text}"
    line_end = text.find("\n", place)
    place = len(text) if line_end < 0 else line_end + 1
    before = text[:place] if text[:place].endswith("\n") else f"{text[:place]}\n"
    return f"{before}{line}{text[place:]}"


def _end_of(table: Path, statements: list[_Statement]) -> int | None:
    """Return where the last statement of a table ends; nothing where it has no header."""
    current: Path | None = ()
    place = None
    for each in statements:
        if each.kind == "value":
            if current == table:
                place = each.end
            continue
        current = each.path if each.kind == "table" else None
        if current == table:
            place = each.end
    return place


def _statements(text: str) -> Iterator[_Statement]:
    at = 0
    table: Path = ()
    while True:
        at = _skip(text, at)
        if at >= len(text):
            return
        if text[at] == "[":
            kind: Literal["table", "array"] = "array" if text.startswith("[[", at) else "table"
            end = text.find("\n", at)
            line = text[at : len(text) if end < 0 else end]
            head = line[: _until(line, 0, lambda sign: sign == "#")].rstrip()
            table = _path(head.strip("[] \t"))
            yield _Statement(kind, table, at, at + len(head))
            at += len(line)
            continue
        equals = _until(text, at, lambda sign: sign == "=")
        start = _skip_blanks(text, equals + 1)
        end = _end_of_value(text, start)
        yield _Statement("value", (*table, *_path(text[at:equals])), start, end)
        newline = text.find("\n", end)
        at = len(text) if newline < 0 else newline


def _path(key: str) -> Path:
    found: list[str] = []
    table: Any = foreign_toml.loads(f"{key.strip()} = 0\n")
    while isinstance(table, dict):
        ((name, table),) = table.items()
        found.append(name)
    return tuple(found)


def _skip(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == "#":
            newline = text.find("\n", at)
            at = len(text) if newline < 0 else newline
        elif text[at].isspace():
            at += 1
        else:
            break
    return at


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def _until(text: str, at: int, ends: Callable[[str], bool]) -> int:
    """Return where a sign stands outside of quotes."""
    while at < len(text) and not ends(text[at]):
        at = _after_string(text, at) if text[at] in "\"'" else at + 1
    return at


def _end_of_value(text: str, at: int) -> int:
    depth, end = 0, at
    while at < len(text):
        sign = text[at]
        if sign in "\"'":
            at = end = _after_string(text, at)
            continue
        if sign == "#":
            newline = text.find("\n", at)
            at = len(text) if newline < 0 else newline
            if not depth:
                return end
            continue
        if sign == "\n" and not depth:
            return end
        depth += (sign in "[{") - (sign in "]}")
        at += 1
        if not sign.isspace():
            end = at
    return end


def _after_string(text: str, at: int) -> int:
    sign = text[at]
    quote = sign * 3 if text.startswith(sign * 3, at) else sign
    at += len(quote)
    while at < len(text) and not text.startswith(quote, at):
        at += 2 if sign == '"' and text[at] == "\\" else 1
    at += len(quote)
    while len(quote) > 1 and at < len(text) and text[at] == sign:  # `""""` ends with a quote.
        at += 1
    return at


def _key(path: Path) -> str:
    return ".".join(part if _BARE.fullmatch(part) else _quoted(part) for part in path)


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: as JSON does, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _written(value: Any, indent: int = 0) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case int() | float():
            return repr(value)
        case dict():
            inner = ", ".join(f"{_key((k,))} = {_written(v)}" for k, v in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list():
            return _written_list(value, indent)
    return str(value.isoformat())  # A date or a time: TOML has nothing else.


def _written_list(value: list[Any], indent: int) -> str:
    if indent and any(isinstance(each, dict) for each in value):
        raise ValueError("it has an array of tables")
    items = [_written(each) for each in value]
    line = f"[{', '.join(items)}]"
    if indent + len(line) <= _LONGEST_LINE:
        return line
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
