"""A key in a file of TOML, JSON or YAML, held against the value that a rule wants there.

The file is a stranger's: how much is read is bounded, also where aliases in YAML repeat it, and a
key that stands twice is refused, for programs differ in which of the two counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

import yaml

from stackgen import foreign_json, foreign_toml, foreign_yaml
from stackgen.foreign_text import quoted

LARGEST_YAML = 1024 * 1024
"""In characters, each counted as often as aliases repeat it: more would take minutes."""

_MERGE = "tag:yaml.org,2002:merge"
_TEXT = "tag:yaml.org,2002:str"


def explain_key(path: str, raw: bytes, key: str, wanted: Any) -> str:
    """Return what is wrong with the value of a key; empty where nothing is.

    Args:
        path: The path of the file, whose ending says what it is.
        raw: What it holds.
        key: The key, its parts separated by dots.
        wanted: The value that it should have, of the same type.
    """
    load = _LOADERS.get(PurePath(path).suffix)
    if load is None:
        return f"`{path}` is no TOML, JSON or YAML, so that it has no keys."
    try:
        value = load(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        kind = PurePath(path).suffix[1:].upper().replace("YML", "YAML")
        return f"`{path}` cannot be read as {kind}."
    for part in _parts(key, value):
        if not isinstance(value, dict) or part not in value:
            return f"`{path}` has no `{key}`."
        value = value[part]
    if _is_same(value, wanted):
        return ""
    return f"`{key}` in `{path}` is {_with_quotes(value)}, not {_with_quotes(wanted)}."


def _is_same(one: Any, other: Any) -> bool:
    """Compare values as files have them: true is not 1, also within a list."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)


def _with_quotes(value: Any) -> str:
    """Return a value as a message shows it, a text with its quotes: `"1"` is not 1."""
    return quoted(json.dumps(value, ensure_ascii=False) if isinstance(value, str) else value)


def _parts(key: str, value: Any) -> list[str]:
    """Split a dotted key; a table may have keys with dots, and the longest one there counts."""
    parts: list[str] = []
    left = key.split(".")
    while left:
        for end in range(len(left), 0, -1):
            name = ".".join(left[:end])
            if isinstance(value, dict) and name in value:
                value, left = value[name], left[end:]
                parts.append(name)
                break
        else:
            return [*parts, *left]
    return parts


class _Loader(foreign_yaml.ForeignLoader):
    """YAML as other programs write it: their own tags stand for nothing, and all keys are texts."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._size = 0
        self._sizes: dict[int, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Count what is composed, and what an alias repeats as often as it does."""
        is_alias = self.check_event(yaml.AliasEvent)
        before = self._size
        node = super().compose_node(parent, index)
        if is_alias:  # Of a node that is not whole yet the size is not known: it holds itself.
            self._size += self._sizes.get(id(node), LARGEST_YAML + 1)
        else:
            self._size += 1 + (len(node.value) if isinstance(node, yaml.ScalarNode) else 0)
            self._sizes[id(node)] = self._size - before
        if self._size > LARGEST_YAML:
            raise yaml.YAMLError("it is too large")
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Take each key as it is written: a workflow's `on` is no true."""
        names = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
                continue
            key.tag = _TEXT
            if key.value in names:
                raise yaml.YAMLError(f"`{key.value}` stands twice")
            names.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def _load_yaml(text: str) -> Any:
    if len(text) > LARGEST_YAML:
        raise ValueError("it is too large")
    return foreign_yaml.loads(text, _Loader)


_LOADERS: Mapping[str, Callable[[str], Any]] = {
    ".toml": foreign_toml.loads,
    ".json": foreign_json.loads,
    ".yml": _load_yaml,
    ".yaml": _load_yaml,
}
