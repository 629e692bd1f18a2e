"""YAML without its surprises: a key stands once, and there are no aliases and no tags.

Aliases make a small file grow endlessly; a tag forces a text on a type that cannot read it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from stackgen import foreign_yaml
from stackgen.foreign_text import quoted

_LONGEST_SHOWN = 80
"""How much a message shows of a tag, which is longer than most values."""


class StrictLoader(foreign_yaml.ForeignLoader):
    """YAML with the types of YAML 1.1, as Copier writes its records."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return a node that is no alias and has no tag; see `yaml.composer.Composer`."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        if tag := self.peek_event().tag:  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"the tag {quoted(tag, longest=_LONGEST_SHOWN)} is not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping in which no key stands twice; see `yaml.constructor.SafeConstructor`."""
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value
            if isinstance(key, str):
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"duplicate key {quoted(key)}", key_node.start_mark
                    )
                seen.add(key)
        return super().construct_mapping(node, deep)


class _PlainLoader(StrictLoader):
    """YAML as people mean it: `no`, `3.10` and `1-2` stay text."""


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def load_typed(text: str) -> Any:
    """Return what a text holds, each value with the type that YAML 1.1 gives it.

    Raises:
        ValueError: It is no YAML, or not of the strict kind; see `foreign_yaml.loads`.
    """
    return foreign_yaml.loads(text, StrictLoader)


def load_plain(text: str) -> Any:
    """Return what a text holds, where a number and a word such as `no` is text.

    Raises:
        ValueError: It is no YAML, or not of the strict kind; see `foreign_yaml.loads`.
    """
    return foreign_yaml.loads(text, _PlainLoader)
