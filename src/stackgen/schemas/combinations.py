"""Which values of options can never be together: found by trying, from the template's own rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any

from stackgen.template.options import Options

Values = Mapping[str, Any]


def impossible(options: Options) -> Iterator[Values]:
    """Yield the smallest sets of values that no values of the other options could save.

    Args:
        options: All options that there are; those with a list of values are looked at.
    """
    listed = {
        name: [option.parse(value) for value in option.allowed]
        for name, option in options.settable.items()
        if option.allowed
    }
    for names in _related(options, listed):
        yield from _smallest({name: listed[name] for name in names}, options)


def _related(options: Options, names: Iterable[str]) -> list[list[str]]:
    """Return groups of options, in their order, such that no rule speaks of two groups."""
    groups: list[set[str]] = []
    for name in names:
        joined = {name} | (options.needed(name) & set(names))
        for group in [group for group in groups if group & joined]:
            groups.remove(group)
            joined |= group
        groups.append(joined)
    return [[name for name in names if name in group] for group in groups]


def _smallest(values: Mapping[str, list[Any]], options: Options) -> Iterator[Values]:
    whole = [dict(zip(values, row, strict=True)) for row in product(*values.values())]
    possible = [each for each in whole if not options.refusal(each)]
    found: list[Values] = []
    for size in range(1, len(values) + 1):
        for names in combinations(values, size):
            reached = {tuple(each[name] for name in names) for each in possible}
            for row in product(*(values[name] for name in names)):
                candidate = dict(zip(names, row, strict=True))
                if row not in reached and not any(
                    each.items() <= candidate.items() for each in found
                ):
                    found.append(candidate)
    yield from found
