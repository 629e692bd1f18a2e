"""`questions --json` describes the files that `--answers` reads, and no others."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from option_matrix import DEPENDENT, allowed_values, is_refused

from stackgen.advice.loading import load_questionnaire
from stackgen.errors import StackgenError
from stackgen.project.answers_file import parse_answers
from stackgen.project.destination import check_name
from stackgen.project.request import check_inputs
from stackgen.schemas.answers import answers_schema
from stackgen.template import source
from stackgen.template.combinations import impossible
from stackgen.template.loading import load_options
from stackgen.template.option import LARGEST_NUMBER

QUESTIONNAIRE = load_questionnaire()
OPTIONS = load_options(source.template_root())
SCHEMA = answers_schema(QUESTIONNAIRE, OPTIONS)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

GOOD = [
    "answers: {scope: many-modules, first_project: yes, team: 1-2}",
    "options: {framework: flask, database: postgresql, python: 3.12, year: 2030, api: false}",
    'answers:\noptions: {description: "A shop: with {{ braces }}", project_name: my-shop}',
    "answers: {lightness: dont-know, backoffice: no}",
    "options: {year: '2026', container: no, author_name: 42}",
]
BAD = [
    "answers: {scope: huge}",
    "answers: {scoop: one-job}",
    "options: {framework: rails}",
    "options: {frameworks: flask}",
    "options: {recommendation: {}}",
    "options: {commands: {}}",
    "answers: []",
    "more: {}",
    "options: {container: maybe}",
    "options: {framework: django, admin: false}",
    "options: {framework: flask, accounts: false, admin: true}",
    "options: {accounts: true, database: none}",
    "options: {project_name: Email}",
    "options: {project_name: a--b}",
    "options: {author_name: ' '}",
    "options: {year: 20266}",
]


POSSIBLE = [
    row
    for values in product(*(allowed_values(OPTIONS.by_id[name]) for name in DEPENDENT))
    if not is_refused(row := dict(zip(DEPENDENT, values, strict=True)))
]
"""What the options that depend on each other can be together."""


def accepted(text: str) -> bool:
    """Whether something can be added to a file with which the command takes it."""
    try:
        file = parse_answers(text, "answers.yml")
        _, chosen = check_inputs({}, {}, file, questionnaire=QUESTIONNAIRE, template=OPTIONS)
        check_name(chosen.get("project_name", "shop"), OPTIONS.frameworks)
        if not chosen.get("author_name", "Ann").strip():
            return False
        if not chosen.get("title", "Shop").strip() or len(chosen.get("title", "")) > 60:
            return False
    except StackgenError:
        return False
    given = {name: chosen[name] for name in DEPENDENT if name in chosen}
    return any(given.items() <= row.items() for row in POSSIBLE)


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    json.dumps(SCHEMA)


@pytest.mark.parametrize("text", GOOD)
def test_a_good_file_is_valid_and_accepted(text: str) -> None:
    VALIDATOR.validate(yaml.safe_load(text))
    assert accepted(text)


@pytest.mark.parametrize("text", BAD)
def test_a_bad_file_is_invalid_and_refused(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(yaml.safe_load(text))
    assert not accepted(text)


def test_every_value_the_schema_offers_is_accepted() -> None:
    for part in ("answers", "options"):
        for name, entry in SCHEMA["properties"][part]["properties"].items():
            for value in entry.get("enum", []):
                assert accepted(json.dumps({part: {name: value}})), (name, value)


# Values near the border of what is accepted, of every type that JSON has.
BOOLEAN_WORDS = ["true", "True", "TRUE", "yes", "No", "oFF", "on", "1", "", "true\n", " true"]
NAMES = [
    *("shop", "a--b", "a-", "2a", "con", "Com1", "com10", "class", "None", "none", "email", "-"),
    *("E-Mail", "asyncio", "pip", "Django", "x" * 64, "x" * 65, "shop\n", "", "a_b-c"),
]
TEXTS = [
    "",
    " ",
    "\u3000",
    "a\nb",
    "a\u202eb",
    "\ud800",
    "x" * 60,
    "x" * 61,
    "x" * 500,
    "x" * 501,
    "Größe 😀",
]
NUMBERS = [0, -1, 2026, 2026.0, 2026.5, 9999, 10000, 3.11, 3.1, 3.12, 1e300, LARGEST_NUMBER,
           LARGEST_NUMBER + 2, -LARGEST_NUMBER - 2]  # fmt: skip
scalars = (
    st.none()
    | st.booleans()
    | st.sampled_from([*BOOLEAN_WORDS, *NAMES, *TEXTS, *NUMBERS, "2026", "02026", "3.11", "²"])
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.lists(st.integers(), max_size=1)
    | st.dictionaries(st.text(max_size=1), st.integers(), max_size=1)
)


def values_of(name: str) -> st.SearchStrategy[Any]:
    option = OPTIONS.settable[name]
    likely = [*option.allowed, *(allowed_values(option) if option.allowed else [])]
    return st.sampled_from(likely) | scalars if likely else scalars


options = st.fixed_dictionaries({}, optional={name: values_of(name) for name in OPTIONS.settable})
likely_options = st.fixed_dictionaries(
    {},
    optional={
        option.id: st.sampled_from(allowed_values(option))
        for option in OPTIONS.settable.values()
        if option.allowed
    },
)
answers = st.fixed_dictionaries(
    {},
    optional={
        question.id: st.sampled_from(question.accepted) | scalars
        for question in QUESTIONNAIRE.questions
    },
)


@settings(max_examples=300)
@given(
    st.fixed_dictionaries(
        {}, optional={"options": st.none() | options | likely_options, "answers": answers}
    )
)
@example({"options": {"year": 2026.0, "python": 3.11}})
@example({"options": {"description": 1e300}})
@pytest.mark.proof
def test_the_schema_accepts_what_the_command_accepts(data: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(data) == accepted(json.dumps(data)), data


@settings(max_examples=400)
@given(st.sampled_from(list(OPTIONS.settable)), scalars)
@pytest.mark.proof
def test_each_value_alone_is_judged_alike(name: str, value: Any) -> None:
    data = {"options": {name: value}}
    assert VALIDATOR.is_valid(data) == accepted(json.dumps(data)), data


def test_what_never_goes_together_is_as_small_as_can_be() -> None:
    found = list(impossible(OPTIONS))
    assert {"framework": "django", "admin": False} in found
    for values in found:
        assert OPTIONS.refusal({**dict(OPTIONS.resolve({}).values), **values})
        assert not any(other.items() < values.items() for other in found)
