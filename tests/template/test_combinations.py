"""What excludes what: said in `copier.yml` alone, and nothing impossible is offered anywhere."""

from __future__ import annotations

import json
import re

import pytest
from option_matrix import OPTIONS, PAIRWISE, ROOT, allowed_values

from stackgen.cli import completion
from stackgen.errors import OptionError
from stackgen.project.installation import load_installation
from stackgen.schemas.answers import answers_schema
from stackgen.schemas.commands import output_schema
from stackgen.template.combinations import impossible, offered, possible
from stackgen.template.option import shown
from stackgen.text.options import options_text

TABLE = list(impossible(OPTIONS))
NEVER = {name: shown(value) for each in TABLE if len(each) == 1 for name, value in each.items()}


def test_what_is_offered_is_possible_with_some_framework() -> None:
    choices = offered(OPTIONS)
    for name, words in choices.items():
        assert len(words) > 1
        assert set(words) <= set(possible(OPTIONS)[name]) <= set(OPTIONS.by_id[name].allowed)
    for framework in OPTIONS.frameworks:
        for name, words in offered(OPTIONS, framework).items():
            for word in words:
                value = OPTIONS.by_id[name].parse(word)
                rows = [row for row in PAIRWISE if row["framework"] == framework]
                assert name == "framework" or any(row[name] == value for row in rows)


def test_what_is_not_offered_has_one_value() -> None:
    for framework in OPTIONS.frameworks:
        choices = offered(OPTIONS, framework)
        for name, option in OPTIONS.settable.items():
            if option.allowed and name not in choices:
                found = []
                for value in allowed_values(option):
                    try:
                        OPTIONS.resolve({"framework": framework, name: value})
                    except OptionError:
                        continue
                    found.append(value)
                assert len(found) == 1


@pytest.mark.parametrize(("name", "word"), [*NEVER.items()])
def test_what_does_not_exist_yet_is_in_no_list(name: str, word: str) -> None:
    pair = f"{name}={word}"
    assert pair not in completion.options()
    assert not re.search(rf"^- {word}\b.*\n", section(options_text(OPTIONS), name), re.MULTILINE)
    accepted = answers_schema(*load_installation())["properties"]["options"]["properties"][name]
    printed = output_schema("new", OPTIONS)
    value = OPTIONS.by_id[name].parse(word)
    assert value not in [each for part in enums(accepted) for each in part]
    assert [value] not in enums(printed)
    assert not any(value in part for part in enums(find(printed, name)))


def section(text: str, name: str) -> str:
    return next((part for part in text.split("\n\n") if part.startswith(f"{name}\n")), "")


def find(schema: object, name: str) -> object:
    """The schema of the option of that name, wherever it stands."""
    if isinstance(schema, dict):
        options = schema.get("options", {})
        if isinstance(options, dict) and name in options.get("properties", {}):
            return options["properties"][name]
    parts = schema.values() if isinstance(schema, dict) else schema
    for part in parts if isinstance(parts, list) or isinstance(schema, dict) else []:
        if found := find(part, name):
            return found
    return {}


def enums(schema: object) -> list[list[object]]:
    if isinstance(schema, list):
        return [each for part in schema for each in enums(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema["enum"]] if isinstance(schema.get("enum"), list) else []
    return own + [each for part in schema.values() for each in enums(part)]


def test_a_wrong_word_is_answered_with_what_there_is() -> None:
    with pytest.raises(
        OptionError, match=r"`frontend` cannot be `svelte`\. Choose one of: templates"
    ):
        OPTIONS.parse({"frontend": "svelte"})


@pytest.mark.parametrize("values", TABLE, ids=json.dumps)
def test_a_refusal_names_both_options_and_the_way_out(values: dict) -> None:
    frameworks = [values["framework"]] if "framework" in values else OPTIONS.frameworks
    for framework in frameworks:
        with pytest.raises(OptionError) as caught:
            OPTIONS.resolve({**values, "framework": framework})
        said = str(caught.value)
        assert any(f"`{name}` cannot be `{shown(value)}`" in said for name, value in values.items())
        assert re.search(r": set `\w+` to \w+", said)
        assert "framework" not in values or "`framework` to" in said


def test_the_page_has_the_table() -> None:
    page = (ROOT / "docs/template.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| ((?:`\w+=[\w-]+`(?:, )?)+) \| .+ \|$", page)
    expected = [", ".join(f"`{k}={shown(v)}`" for k, v in each.items()) for each in TABLE]
    assert sorted(rows) == sorted(expected)
