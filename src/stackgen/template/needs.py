"""Which options a text of the template speaks of, in itself or in what it includes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from jinja2 import meta, nodes
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

_MOST = 10_000
"""The most texts that are known: those of a few versions."""

_JINJA = SandboxedEnvironment(undefined=jinja2.StrictUndefined)

_LOADING = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)


class UnknownNeedsError(Exception):
    """It cannot be told what a text speaks of."""


class _Text(NamedTuple):
    """What stands in one text: names that it takes from outside, and the texts that it loads."""

    names: frozenset[str]
    loads: frozenset[str]


class Needs:
    """What texts of one template speak of, where the values of some options are known."""

    def __init__(self, template: Path, fixed: Mapping[str, Any]) -> None:
        """Take the template.

        Args:
            template: The folder that holds `copier.yml` and `templates/`.
            fixed: Values by which names of what is included can be worked out.
        """
        self._template, self._fixed = template, fixed
        self._named = repr(sorted(fixed.items()))
        self._known: dict[str, _Text] = {}

    def of(self, text: str) -> frozenset[str]:
        """Return the names of everything that what is rendered from a text depends on.

        Raises:
            UnknownNeedsError: It cannot be told.
        """
        names: set[str] = set()
        seen: set[str] = set()
        waiting = [self._look_at(text)]
        while waiting:
            found = waiting.pop()
            names |= found.names
            for path in found.loads - seen:
                seen.add(path)
                waiting.append(self._file(path))
        return frozenset(names)

    def rendered(self, text: str, values: Mapping[str, Any]) -> str:
        """Render a text that includes nothing."""
        return _JINJA.from_string(text).render(values)

    def _file(self, path: str) -> _Text:
        if path not in self._known:
            try:
                text = (self._template / path).read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise UnknownNeedsError from error
            self._known[path] = self._look_at(text)
        return self._known[path]

    def _look_at(self, text: str) -> _Text:
        key = (text, self._named)
        if key not in _seen:
            if len(_seen) >= _MOST:
                _seen.clear()
            _seen[key] = _look_at(text, self._fixed)
        return _seen[key]


_seen: dict[tuple[str, str], _Text] = {}
"""What is known of texts, by the values that are known: a version has most of another's."""


def _look_at(text: str, fixed: Mapping[str, Any]) -> _Text:
    try:
        tree = _JINJA.parse(text)
        names = meta.find_undeclared_variables(tree)
    except jinja2.TemplateError as error:
        raise UnknownNeedsError from error
    # A text may give an option's name to something else, and to what it includes.
    given = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    if not given.isdisjoint(fixed):
        raise UnknownNeedsError
    return _Text(frozenset(names), frozenset(_loads(tree, fixed)))


def _loads(tree: nodes.Template, fixed: Mapping[str, Any]) -> Iterator[str]:
    found: Iterator[Any] = tree.find_all(_LOADING)  # Typed as any node, though each has it.
    for node in found:
        try:
            value = _Constants(fixed).visit(node.template).as_const()
        except nodes.Impossible as error:
            raise UnknownNeedsError from error
        yield from [value] if isinstance(value, str) else value


class _Constants(NodeTransformer):
    """Puts known values in the place of names."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 - as Jinja calls it
        if node.name not in self._values:
            return node
        return nodes.Const(self._values[node.name], environment=node.environment)
