"""The answers file as a JSON Schema."""

from __future__ import annotations

from typing import Any

from stackgen.advice.questionnaire import Question, Questionnaire
from stackgen.project.destination import LONGEST_NAME, NAME
from stackgen.template.options import LONGEST_TEXT, Option, Options

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


def _question(question: Question) -> dict[str, Any]:
    lines = [f"{choice.id}: {choice.label}." for choice in question.choices]
    return {
        "title": question.text,
        "description": " ".join([question.help, *lines]),
        "enum": list(question.accepted),
    }


def _option(option: Option) -> dict[str, Any]:
    described: dict[str, Any] = {"title": option.help}
    if option.has_static_default:
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
