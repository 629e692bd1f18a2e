"""Tables are merged key by key; a TOML file keeps its comments and its order."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgen.errors import StandardError
from stackgen.team.tables import merge_tables

BASE = '''# The project.
[project]
name = "shop"  # its name
dependencies = [
  "flask>=3",  # the framework
  "a[b]>=1",
]

[tool.ruff]
line-length = 100
extend = """
[not.a.header]
"""

[tool.ruff.lint]
select = ["ALL"]

[[tool.mypy.overrides]]
module = "x"
ignore = true
'''


def merge(addition: str, base: str = BASE) -> str:
    return merge_tables("pyproject.toml", base, addition)


def test_values_change_in_their_place_and_new_ones_come_to_their_table() -> None:
    text = merge(
        '[project]\nname = "other"\n[tool.ruff]\nline-length = 120\nfix = true\n'
        '[tool.ruff.lint]\nignore = ["E501"]\n[tool.acme]\nlevel = "gold"\ntags = { a = 1 }\n'
    )
    assert text == BASE.replace('name = "shop"  #', 'name = "other"  #').replace(
        "line-length = 100", "line-length = 120"
    ).replace('[not.a.header]\n"""\n', '[not.a.header]\n"""\nfix = true\n').replace(
        'select = ["ALL"]\n', 'select = ["ALL"]\nignore = ["E501"]\n'
    ) + ('\n[tool.acme]\nlevel = "gold"\n\n[tool.acme.tags]\na = 1\n')


def test_a_list_takes_the_place_of_the_whole_list() -> None:
    text = merge('[project]\ndependencies = ["django>=5"]\n')
    assert 'dependencies = ["django>=5"]\n\n[tool.ruff]' in text
    long = merge(f"[project]\ndependencies = {[f'package-{n}>=1' for n in range(12)]}\n")
    assert '\n  "package-11>=1",\n]\n' in long


def test_nothing_changes_where_all_is_there() -> None:
    assert merge('[project]\nname = "shop"\n[tool.ruff.lint]\nselect = ["ALL"]\n') == BASE


@pytest.mark.parametrize(
    ("addition", "said"),
    [
        ("[project", "cannot be merged"),
        ("[[tool.mypy.overrides]]\nmodule = 'y'\n", "an array of tables"),
        ("[project.name]\nx = 1\n", "written in another way"),
    ],
)
def test_what_cannot_be_merged_is_named(addition: str, said: str) -> None:
    with pytest.raises(StandardError) as caught:
        merge(addition)
    assert said in str(caught.value)


def test_json_is_merged_and_keeps_its_indent() -> None:
    base = '{\n    "name": "shop",\n    "scripts": {\n        "test": "vitest"\n    }\n}\n'
    text = merge_tables("package.json", base, '{"scripts": {"lint": "eslint"}, "ä": [1]}')
    assert text == (
        '{\n    "name": "shop",\n    "scripts": {\n        "test": "vitest",\n'
        '        "lint": "eslint"\n    },\n    "ä": [\n        1\n    ]\n}\n'
    )
    with pytest.raises(StandardError, match="it is no table"):
        merge_tables("package.json", base, "[]")


@pytest.mark.parametrize(
    ("path", "addition", "said"),
    [
        ("pyproject.toml", f"{'a.' * 30_000}a = 1", "parts"),
        ("pyproject.toml", f"a = 0x{'f' * 6000}", "64 bits"),
        ("pyproject.toml", "".join(f"k{n} = 1\n" for n in range(201)), "more than 200 keys"),
        ("pyproject.toml", f"a = '{'x' * 70_000}'", "larger than 64 KiB"),
        ("package.json", '{"a":' * 5000, "nested too deeply"),
        ("package.json", '{"a": {"b": [NaN]}}', "`package.json` of .*: The key `b` is `NaN`"),
        ("package.json", '{"a": -1e999}', "The key `a` is `-1e999`"),
        ("package.json", '{"a": {"b": 1, "b": 2}}', "The key `b` stands twice"),
    ],
)
def test_what_takes_too_much_is_refused(path: str, addition: str, said: str) -> None:
    with pytest.raises(StandardError, match=said):
        merge_tables(path, "" if path.endswith("toml") else "{}", addition)


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
_VALUES = st.one_of(
    _WORDS, st.booleans(), st.integers(-(2**31), 2**31), st.lists(_WORDS, max_size=3)
)


@settings(max_examples=40)
@given(
    st.dictionaries(_WORDS, st.dictionaries(_WORDS, _VALUES, min_size=1, max_size=3), max_size=3)
)
def test_whatever_is_added_is_there(tables: dict[str, dict[str, object]]) -> None:
    def written(value: object) -> str:
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    addition = "".join(
        f"[tool.x.{written(name)}]\n"
        + "".join(f"{written(k)} = {written(v)}\n" for k, v in t.items())
        for name, t in tables.items()
    )
    wanted = tomllib.loads(addition)
    found = tomllib.loads(merge(addition))
    assert found["tool"].get("x", {}) == wanted.get("tool", {}).get("x", {})
    assert found["project"] == tomllib.loads(BASE)["project"]
