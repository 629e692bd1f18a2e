"""YAML that holds no surprises: what the files are read with that people write."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml


class StrictLoader(yaml.SafeLoader):
    """YAML in which a key stands once, without aliases and tags.

    Aliases make a small file grow endlessly; a tag forces a text on a type that cannot read it.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node that is no alias and has no tag; see `yaml.composer.Composer`."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        if tag := self.peek_event().tag:  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"the tag `{tag}` is not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Make a mapping in which no key stands twice; see `yaml.constructor.SafeConstructor`."""
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value
            if isinstance(key, str):
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key `{key}` stands twice", key_node.start_mark
                    )
                seen.add(key)
        return super().construct_mapping(node, deep)


class PlainLoader(StrictLoader):
    """YAML as people mean it: `no`, `3.10` and `1-2` stay text."""


PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))
