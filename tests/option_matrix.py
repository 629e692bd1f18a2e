"""The combinations of options that the tests of the templates render."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, combinations, product
from math import fsum
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined, meta

from stackgen.template.loading import load_options
from stackgen.template.option import Option

ROOT = Path(__file__).parent.parent
OPTIONS = load_options(ROOT)

PLAIN = {"project_name": "acme-shop", "description": "A shop for acme.", "year": 2026}
"""Answers that are the same in every render, so that renders can be compared."""

# Each text is marked, so that every place it reaches can be found again.
MARK = "Zq7"
NASTY = MARK + " \"a\" 'b' \\n {{ 7*7 }} {% raw %} {# </script> %s $(id) `id` ; # é 😀 עברית"
NASTY_EMAIL = MARK + "\"o'hara\\{{ 7*7 }}</b>$(id)@example.com"
NASTY_TITLE = MARK + "\"'{{ 7*7 }}{% raw %}{#</script>%s$(id)`id`;# é 😀 עברית"
HOSTILE = {
    "title": NASTY_TITLE,
    "description": NASTY,
    "author_name": NASTY,
    "author_email": NASTY_EMAIL,
}

Answers = Mapping[str, Any]


def label(answers: Answers) -> str:
    """Name a combination in a test's id by what differs from the plain answers."""
    shown = (
        str(value).lower() if name != "author_name" else "hostile"
        for name, value in answers.items()
        if name not in PLAIN and name not in {"author_email", "title"} and value is not False
    )
    return "-".join(shown)


def allowed_values(option: Option) -> list[Any]:
    return [option.parse(value) for value in option.allowed]


def refusal(option: Option, answers: Answers) -> str:
    """What the option's validator says, or nothing where it needs an answer not given here."""
    template, needed = _validator(option.validator)
    if not needed <= answers.keys():
        return ""
    return " ".join(template.render(answers).split())


@cache
def _validator(text: str) -> tuple[Any, frozenset[str]]:
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - no HTML
    needed = meta.find_undeclared_variables(environment.parse(text))
    return environment.from_string(text), frozenset(needed)


def is_refused(answers: Answers) -> bool:
    return any(refusal(OPTIONS.by_id[name], answers) for name in answers)


CHOSEN = [option for option in OPTIONS.settable.values() if option.allowed]


def _named(option: Option) -> set[str]:
    """The options with choices that a validator speaks of, its own among them."""
    return _validator(option.validator)[1] & {each.id for each in CHOSEN} | {option.id}


RULED = [option for option in CHOSEN if option.validator]
DEPENDENT = sorted({name for option in RULED for name in _named(option)})
"""The options that depend on each other."""


def _possible() -> Iterator[dict[str, Any]]:
    """Every project that can be: each value of the options, with what is refused left out."""
    values = {option.id: allowed_values(option) for option in CHOSEN}
    free = [name for name in values if name not in DEPENDENT]
    for fixed in product(*(values[name] for name in DEPENDENT)):
        given = dict(zip(DEPENDENT, fixed, strict=True))
        if not is_refused(given):
            for rest in product(*(values[name] for name in free)):
                row = given | dict(zip(free, rest, strict=True))
                yield {name: row[name] for name in values}


def _pairwise() -> list[Answers]:
    """Few rows, each of which takes in the most that no row before it has."""
    groups = [sorted(_named(option)) for option in RULED]
    bits: dict[Any, int] = {}
    rows = []
    for row in _possible():
        # A set, for a rule of two options speaks of a pair.
        wanted = {
            *combinations(row.items(), 2),
            *(tuple((name, row[name]) for name in group) for group in groups),
        }
        rows.append((sum(1 << bits.setdefault(each, len(bits)) for each in wanted), row))
    missing = (1 << len(bits)) - 1
    chosen = []
    while missing:
        taken, best = max(rows, key=lambda each: (each[0] & missing).bit_count())
        assert taken & missing
        chosen.append(PLAIN | best)
        missing &= ~taken
    return chosen


def _covering(rows: Sequence[Answers]) -> list[Answers]:
    """Some of the rows, few enough: each takes in the most choices that no row before it has.

    A choice counts the more the fewer rows there are to have it from.
    What depends on other options is another thing in each framework; but front ends that npm builds
    are one thing there, for their folders are alike, and their own proofs run each.
    """

    def chosen(row: Answers) -> set[Any]:
        is_built = OPTIONS.variables(row)["node"]
        kinds = {**row, "frontend": "built" if is_built else row["frontend"]}
        return set(row.items()) | {(row["framework"], name, kinds[name]) for name in DEPENDENT}

    found = [chosen(row) for row in rows]
    weights = {each: 1 / count for each, count in Counter(chain(*found)).items()}
    missing, covering = set(weights), []
    while missing:
        # Summed exactly, for the order within a set is another one in each process.
        at = max(range(len(rows)), key=lambda n: fsum(weights[x] for x in found[n] & missing))
        covering.append(rows[at])
        missing -= found[at]
    return covering


def _mostly_oldest(rows: Sequence[Answers]) -> list[Answers]:
    """Keep each newer Python in one row, the one with the least in it; others have the oldest.

    Until 3.14, coverage of branches takes several times as long on a newer one as on the oldest.
    """
    oldest = OPTIONS.by_id["python"].allowed[0]

    def size(row: Answers) -> int:
        return sum(value is True for value in row.values()) + 2 * OPTIONS.variables(row)["node"]

    keeping: dict[Any, Answers] = {}
    for row in sorted(rows, key=size):
        keeping.setdefault(row["python"], row)
    return [row if keeping[row["python"]] is row else {**row, "python": oldest} for row in rows]


DEFAULTS = {framework: PLAIN | {"framework": framework} for framework in OPTIONS.frameworks}
HOSTILES = {framework: DEFAULTS[framework] | HOSTILE for framework in OPTIONS.frameworks}
PAIRWISE = _pairwise()
"""Rows with each two values that go together, and each set of values that a rule speaks of."""
COVERING = _mostly_oldest(_covering(PAIRWISE))
"""Rows in which each choice is; the proof suite installs and runs these."""
REMAINING = [row for row in PAIRWISE if row not in COVERING]
"""The other pairs, which are installed and run by hand: `pytest -m soak`."""
COMBINATIONS = [*DEFAULTS.values(), *HOSTILES.values(), *PAIRWISE]
_QUICK = [*DEFAULTS.values(), *HOSTILES.values(), *_covering(PAIRWISE)]


def in_suites(rows: Iterable[Answers]) -> list[Any]:
    """Return rows as parameters: those with each choice for the fast suite, the rest for proofs."""
    return [row if row in _QUICK else pytest.param(row, marks=pytest.mark.proof) for row in rows]


def _refused() -> list[tuple[dict[str, Any], str]]:
    """Each value that a framework's defaults refuse, with what is said about it."""
    cases = []
    for framework in OPTIONS.frameworks:
        values = dict(OPTIONS.resolve({"framework": framework}).values)
        for option in CHOSEN:
            for value in allowed_values(option):
                said = refusal(option, values | {option.id: value})
                if said:
                    # By name: a default of one of them may follow what is given here.
                    others = {name: values[name] for name in sorted(OPTIONS.needed(option.id))}
                    cases.append((DEFAULTS[framework] | others | {option.id: value}, said))
    return cases


REFUSED = _refused()


def key(answers: Answers) -> str:
    return json.dumps(answers, sort_keys=True)
