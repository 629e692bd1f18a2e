"""The text of a project's answers file, edited in place: all that a person put there stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from stackgen.project.strict_yaml import StrictLoader


class _Entry(NamedTuple):
    """A key with its value: where they begin and end in the text."""

    start: int
    end: int
    value: Any


_Entries = Mapping[str, _Entry]


def edit_record(present: str, before: str, after: str) -> str:
    """Bring the text of an answers file to other values.

    Args:
        present: The project's own.
        before: What the template of its version renders for its values.
        after: What the new template renders for the new values.

    Returns:
        The text of `present` with the values of `after`. Comments, blank lines, order, style and
        keys of the person's own stay; keys that the template has no more go.
    """
    text = present.replace("\r\n", "\n")
    mine, old, new = _entries(text), _entries(before), _entries(after)
    own = {name: entry.value for name, entry in mine.items() if name not in {**old, **new}}
    expected = own | {name: entry.value for name, entry in new.items()}
    if _is_block(text):
        text = _replace(text, mine, old, after, new)
        text = _insert(text, after, new)
    if {name: entry.value for name, entry in _entries(text).items()} != expected:
        # Written in a style that cannot be edited so, such as JSON.
        text = after + (yaml.safe_dump(own, sort_keys=False, allow_unicode=True) if own else "")
    return text.replace("\n", "\r\n") if "\r\n" in present else text


def _replace(text: str, mine: _Entries, old: _Entries, after: str, new: _Entries) -> str:
    """Put the new values in the place of those that differ, and take out the keys that went."""
    # From the end to the beginning, so that what is still to be changed stays where it is.
    for name, (start, end, value) in sorted(mine.items(), key=lambda item: -item[1].start):
        if name in new and new[name].value != value:
            text = text[:start] + after[new[name].start : new[name].end] + text[end:]
        elif name in old and name not in new:
            text = text[:start] + text[end:].removeprefix("\n")
    return text


def _insert(text: str, after: str, new: _Entries) -> str:
    """Put keys that are not there yet where the template has them: behind the one before."""
    previous, mine = "", _entries(text)
    for name, entry in new.items():
        if name not in mine:
            added = after[entry.start : entry.end]
            if previous in mine:
                end = text.find("\n", mine[previous].end)  # A comment stays beside its value.
                place = len(text) if end < 0 else end
                text = f"{text[:place]}\n{added}{text[place:]}"
            else:
                place = min((other.start for other in mine.values()), default=len(text))
                text = f"{text[:place]}{added}\n{text[place:]}"
            mine = _entries(text)
        previous = name
    return text


def _is_block(text: str) -> bool:
    """Whether the text is a mapping of a key a line, and not in the style of JSON."""
    root = yaml.compose(text, Loader=StrictLoader)
    return isinstance(root, yaml.MappingNode) and not root.flow_style


def _entries(text: str) -> _Entries:
    loader = StrictLoader(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            return {}
        return {
            str(key.value): _Entry(
                key.start_mark.index,
                _end(text, value),
                loader.construct_object(value, deep=True),
            )
            for key, value in root.value
        }
    except yaml.YAMLError:  # An edit that went wrong, which the comparison of values then finds.
        return {}
    finally:
        loader.dispose()


def _end(text: str, node: yaml.Node) -> int:
    """Return where a value ends; the parser counts what stands behind a block to it."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(node, yaml.MappingNode) else last)
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        return len(text[:end].rstrip("\n"))
    return end
