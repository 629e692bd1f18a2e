"""Combinations of options that together show every pair of values: what a standard is tried on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from stackgen.errors import OptionError, StandardError
from stackgen.project.decision import decide
from stackgen.project.installation import Installation
from stackgen.project.preset import Preset
from stackgen.template.combinations import offered

Row = Mapping[str, Any]
_Pair = frozenset[tuple[str, Any]]

_NAME = {"project_name": "example-service", "year": 2026}


def covering_set(preset: Preset, installation: Installation, framework: str) -> Iterator[Row]:
    """Yield values of every option such that each two values that go together do so once.

    Args:
        preset: The standard: its bounds hold in each.
        installation: The questions and options that there are.
        framework: The framework of all of them.

    Raises:
        StandardError: What the standard locks cannot be together.
        OptionError: The same, as the template says it.
    """
    first = _resolved({}, preset, installation, framework)
    yield first
    choices = _choices(preset, installation, framework)
    open_pairs = _pairs(choices) - _pairs_of(first, choices)
    while open_pairs:
        pair = min(open_pairs, key=_order)
        row = _row(dict(pair), open_pairs, choices, (preset, installation, framework))
        if row is None:
            open_pairs.remove(pair)
            continue
        open_pairs -= _pairs_of(row, choices) | {pair}
        yield row


def _choices(
    preset: Preset, installation: Installation, framework: str
) -> dict[str, tuple[Any, ...]]:
    """Return the values of each option that there is something to choose from."""
    options = installation.options
    found = {}
    for name, words in offered(options, framework).items():
        values = tuple(options.by_id[name].parse(word) for word in words)
        bound = preset.bounds.get(name)
        allowed = tuple(value for value in values if not (bound and bound.refusal(name, value)))
        if name != "framework" and len(allowed) > 1:
            found[name] = allowed
    return found


def _pairs(choices: Mapping[str, tuple[Any, ...]]) -> set[_Pair]:
    return {
        frozenset({(one, value), (other, another)})
        for one, other in combinations(choices, 2)
        for value in choices[one]
        for another in choices[other]
    }


def _pairs_of(row: Row, choices: Mapping[str, tuple[Any, ...]]) -> set[_Pair]:
    return {
        frozenset({(one, row[one]), (other, row[other])}) for one, other in combinations(choices, 2)
    }


def _order(pair: _Pair) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in pair)


def _row(
    wanted: dict[str, Any],
    open_pairs: set[_Pair],
    choices: Mapping[str, tuple[Any, ...]],
    context: tuple[Preset, Installation, str],
) -> Row | None:
    """Return values that show a pair, and as many others as go with it; nothing for none."""
    try:
        row = _resolved(wanted, *context)
    except (OptionError, StandardError):
        return None
    for name in choices:
        if name in wanted:
            continue
        gains = {
            value: sum(frozenset({(name, value), item}) in open_pairs for item in wanted.items())
            for value in choices[name]
        }
        for value in sorted(gains, key=lambda each: -gains[each]):
            if not gains[value]:
                break
            try:
                row = _resolved({**wanted, name: value}, *context)
            except (OptionError, StandardError):
                continue
            wanted[name] = value
            break
    return row


def _resolved(
    chosen: Mapping[str, Any], preset: Preset, installation: Installation, framework: str
) -> Row:
    decision = decide(
        preset.answers,
        {**chosen, "framework": framework},
        questionnaire=installation.questionnaire,
        options=installation.options,
        defaults=_NAME,
        presets=[preset],
        bounds={name: each for name, each in preset.bounds.items() if name != "framework"},
    )
    return decision.resolved.values
