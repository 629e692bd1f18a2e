"""`questions --json` describes the files that `--answers` reads, and no others."""

import json

import jsonschema
import pytest
import yaml

from stackgen.advice.loading import load_questionnaire
from stackgen.errors import StackgenError
from stackgen.project.answers_file import parse_answers
from stackgen.schemas.answers import answers_schema
from stackgen.template import source
from stackgen.template.options import load_options

QUESTIONNAIRE = load_questionnaire()
OPTIONS = load_options(source.template_root())
SCHEMA = answers_schema(QUESTIONNAIRE, OPTIONS)

GOOD = [
    "answers: {scope: many-modules, first_project: yes, team: 1-2}",
    "options: {framework: flask, database: postgresql, python: 3.12, year: 2030, api: false}",
    'answers:\noptions: {description: "A shop: with {{ braces }}", project_name: my-shop}',
    "answers: {lightness: dont-know, backoffice: no}",
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
]


def accepted(text: str) -> bool:
    try:
        given = parse_answers(text, "answers.yml")
        QUESTIONNAIRE.check(given.answers)
        OPTIONS.parse(given.options)
    except StackgenError:
        return False
    return True


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    json.dumps(SCHEMA)


@pytest.mark.parametrize("text", GOOD)
def test_a_good_file_is_valid_and_accepted(text: str) -> None:
    jsonschema.validate(yaml.safe_load(text), SCHEMA, jsonschema.Draft202012Validator)
    assert accepted(text)


@pytest.mark.parametrize("text", BAD)
def test_a_bad_file_is_invalid_and_refused(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), SCHEMA, jsonschema.Draft202012Validator)
    assert not accepted(text)


def test_every_value_the_schema_offers_is_accepted() -> None:
    for part in ("answers", "options"):
        for name, entry in SCHEMA["properties"][part]["properties"].items():
            for value in entry.get("enum", []):
                assert accepted(json.dumps({part: {name: value}})), (name, value)
