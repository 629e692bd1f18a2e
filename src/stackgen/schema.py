"""The answers file as a JSON Schema, and every option in words."""

from __future__ import annotations

from typing import Any

from stackgen.destination import LONGEST_NAME, NAME
from stackgen.document import Item, Section, as_text
from stackgen.options import LONGEST_TEXT, Option, Options, shown
from stackgen.questions import Question, Questionnaire

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(questionnaire: Questionnaire, options: Options) -> dict[str, Any]:
    """Describe the answers file as a JSON Schema (draft 2020-12).

    Args:
        questionnaire: Its questions are the properties of `answers`.
        options: Those that a person may set are the properties of `options`.
    """
    return {
        "$schema": DIALECT,
        "title": "Answers for stackgen",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "answers": {
                "description": "Decision questions; one that is left out is not answered.",
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {
                    question.id: _question(question) for question in questionnaire.questions
                },
            },
            "options": {
                "description": "Options of the project; one that is left out takes its default.",
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {name: _option(option) for name, option in options.settable.items()},
            },
        },
    }


def options_text(options: Options, *, width: int = 80, colour: bool = False) -> str:
    """Every option with its values and its default, for a terminal."""
    sections = [
        Section(name, (option.help,), tuple(Item(text) for text in _values(option)))
        for name, option in options.settable.items()
    ]
    return as_text(sections, width=width, colour=colour)


def _values(option: Option) -> list[str]:
    """Every value an option takes, what it means, and which one is the default."""
    default = None if _computed(option) else shown(option.default)
    if option.allowed:
        labels = {value: option.choices.get(value, value) for value in option.allowed}
        return [
            (value if value == label else f"{value}: {label}")
            + (" (default)" if value == default else "")
            for value, label in labels.items()
        ]
    kind = "a number" if option.type == "int" else "any text"
    return [
        f"{kind}, or nothing"
        if default == ""
        else kind + (f" (default: {default})" if default else "")
    ]


def _computed(option: Option) -> bool:
    return isinstance(option.default, str) and "{" in option.default


def _question(question: Question) -> dict[str, Any]:
    lines = [f"{choice.id}: {choice.label}." for choice in question.choices]
    return {
        "title": question.text,
        "description": " ".join([question.help, *lines]),
        "enum": list(question.accepted),
    }


def _option(option: Option) -> dict[str, Any]:
    described: dict[str, Any] = {"title": option.help}
    if not _computed(option):
        described["default"] = option.default
    if option.type == "bool":
        return {**described, "type": "boolean"}
    if option.type == "int":
        return {**described, "type": "integer", "minimum": 0, "maximum": 9999}
    if option.choices:
        return {**described, "enum": [value for name in option.choices for value in _spell(name)]}
    if option.id == "project_name":
        return {
            **described,
            "type": "string",
            "pattern": f"^{NAME.pattern}$",
            "maxLength": LONGEST_NAME,
        }
    return {**described, "type": "string", "maxLength": LONGEST_TEXT}


def _spell(value: str) -> list[Any]:
    """A value as text and, where YAML would read it as a number, as that number."""
    try:
        return [value, float(value)]
    except ValueError:
        return [value]
