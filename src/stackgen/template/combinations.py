"""Which values of options can never be together: found by trying, from the template's own rules.

The rules are the validators in `copier.yml`, one an option. Whatever shows options to a person or a
program goes by what is found here, so that nothing is offered that no project can have.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any, Protocol

from stackgen.template.option import Option

Values = Mapping[str, Any]


class Rules(Protocol):
    """All options that there are, and what their validators say: `Options`, for one."""

    @property
    def by_id(self) -> Mapping[str, Option]:
        """Option id to option, in the order of `copier.yml`."""

    @property
    def settable(self) -> Mapping[str, Option]:
        """The options a person may set."""

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The frameworks the template can render."""

    def needed(self, name: str) -> frozenset[str]:
        """Return the options on which it depends whether a value of one is refused."""

    def refusal(self, values: Mapping[str, Any]) -> str:
        """Return why values are refused; empty where they are not."""


def impossible(options: Rules) -> Iterator[Values]:
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


def possible(options: Rules) -> dict[str, tuple[str, ...]]:
    """Return what may be written for each option, in some project or other.

    Args:
        options: All options that there are; those with a list of values are looked at.
    """
    return _without(options, list(impossible(options)))


def offered(options: Rules, framework: str = "") -> dict[str, tuple[str, ...]]:
    """Return what there is to choose from: the options of which more than one value is possible.

    Args:
        options: All options that there are; those with a list of values are looked at.
        framework: What goes with this one; otherwise what goes with any of them.
    """
    frameworks = [framework] if framework else options.frameworks
    refused = list(impossible(options))
    found: dict[str, tuple[str, ...]] = {}
    for name, words in _without(options, refused).items():
        option = options.by_id[name]
        lists = [
            [
                word
                for word in words
                if name == "framework"
                or {"framework": each, name: option.parse(word)} not in refused
            ]
            for each in frameworks
        ]
        if any(len(each) > 1 for each in lists):
            found[name] = tuple(word for word in words if any(word in each for each in lists))
    return found


def is_offered(option: Option, choices: Container[str]) -> bool:
    """Tell whether an option is shown: it takes any text, or there is something to choose from.

    Args:
        option: The option.
        choices: The options that there is something to choose for, such as what `offered` found.
    """
    return not option.allowed or option.id in choices


def _without(options: Rules, refused: list[Values]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(word for word in option.allowed if {name: option.parse(word)} not in refused)
        for name, option in options.settable.items()
        if option.allowed
    }


def _related(options: Rules, names: Iterable[str]) -> list[list[str]]:
    """Return groups of options, in their order, such that no rule speaks of two groups."""
    groups: list[set[str]] = []
    for name in names:
        joined = {name} | (options.needed(name) & set(names))
        for group in [group for group in groups if group & joined]:
            groups.remove(group)
            joined |= group
        groups.append(joined)
    return [[name for name in names if name in group] for group in groups]


def _smallest(values: Mapping[str, list[Any]], options: Rules) -> Iterator[Values]:
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
