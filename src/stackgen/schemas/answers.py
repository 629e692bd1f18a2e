"""The answers file as a JSON Schema: what it accepts, the command line accepts, and no more.

A file need not be complete: what it leaves out may come from flags. So it is valid where something
could be added with which a project can be made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stackgen.advice.questionnaire import Question, Questionnaire
from stackgen.project.destination import LONGEST_NAME, NAME, taken_names
from stackgen.schemas.derivation import DIALECT, Schema
from stackgen.template.combinations import impossible
from stackgen.template.option import (
    BIDI_CONTROLS,
    BOOLEANS,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_DIGITS,
    Option,
    shown,
    text_of,
)
from stackgen.template.options import Options
from stackgen.template.verification import Level

# `$` alone matches before a line break at the end, too, in Python at least.
_END = r"(?![\s\S])"

# The categories that `check_text` refuses, as ranges.
_UNPRINTABLE = r"\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff"


def answers_schema(
    questionnaire: Questionnaire,
    options: Options,
    seen: Mapping[str, Mapping[str, Level]] | None = None,
) -> Schema:
    """Return the answers file as a JSON Schema (draft 2020-12).

    Args:
        questionnaire: Its questions are the properties of `answers`.
        options: Those that a person may set are the properties of `options`.
        seen: What was seen of each choice, by option and value; `x-evidence` of the option tells.
    """
    refused = list(impossible(options))
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
                "properties": {
                    name: _option(option, options, refused) | _evidence(name, seen or {})
                    for name, option in options.settable.items()
                },
                "allOf": [_never(values) for values in refused if len(values) > 1],
            },
        },
    }


def _question(question: Question) -> Schema:
    lines = [f"{choice.id}: {choice.label}." for choice in question.choices]
    return {
        "title": question.text,
        "description": " ".join([question.help, *lines]),
        "enum": list(question.accepted),
    }


def _option(option: Option, options: Options, refused: Sequence[Mapping[str, Any]]) -> Schema:
    described: Schema = {"title": option.help}
    if option.has_static_default:
        described["default"] = option.default
    if option.allowed:
        values = [option.parse(word) for word in option.allowed]
        possible = [value for value in values if {option.id: value} not in refused]
        return {**described, **_one_of(possible)}
    if option.type == "int":
        return {**described, **_NUMBER}
    if option.id == "project_name":
        return {**described, **_name(options.frameworks)}
    return {**described, **_text(option, options)}


def _evidence(name: str, seen: Mapping[str, Mapping[str, Level]]) -> Schema:
    return {"x-evidence": dict(seen[name])} if name in seen else {}


def _never(values: Mapping[str, Any]) -> Schema:
    """Return the schema that refuses values which never go together."""
    together = ", ".join(f"{name}={shown(value)}" for name, value in values.items())
    return {
        "description": f"Never together: {together}.",
        "not": {
            "type": "object",
            "required": list(values),
            "properties": {name: _one_of([value]) for name, value in values.items()},
        },
    }


def _one_of(values: Sequence[Any]) -> Schema:
    """Return the schema of values in every way to write them."""
    words = [_any_case(word) for word, value in BOOLEANS.items() if value in values]
    if words:
        return {"anyOf": [{"enum": list(values)}, {"type": "string", "pattern": _whole(words)}]}
    return {"enum": [spelling for value in values for spelling in _spellings(value)]}


def _spellings(value: str) -> list[Any]:
    """Return a value as text and, where YAML would read it as a number, as that number."""
    try:
        number = float(value)
    except ValueError:
        return [value]
    return [value, number] if text_of(number) == value else [value]


_NUMBER: Schema = {
    "type": ["integer", "string"],
    "minimum": 0,
    "maximum": 10**MOST_DIGITS - 1,
    "pattern": f"^[0-9]{{1,{MOST_DIGITS}}}{_END}",
}


def _name(reserved: Iterable[str]) -> Schema:
    names = [name for name in taken_names(frozenset(reserved)) if NAME.fullmatch(name)]
    return {
        "type": "string",
        "pattern": _whole([NAME.pattern]),
        "maxLength": LONGEST_NAME,
        "not": {"pattern": _whole(_any_case(name) for name in sorted(names))},
    }


def _text(option: Option, options: Options) -> Schema:
    forbidden = _UNPRINTABLE + "".join(sorted(BIDI_CONTROLS))
    described: Schema = {
        "type": ["string", "number"],
        "maxLength": _longest(option, options),
        "not": {"type": "string", "pattern": f"[{forbidden}]"},
        "minimum": -LARGEST_NUMBER,
        "maximum": LARGEST_NUMBER,
    }
    if options.refusal({option.id: " "}):
        described["pattern"] = r"\S"
    return described


def _longest(option: Option, options: Options) -> int:
    """Return the most characters that the option's own validator takes, found by trying."""

    def is_too_long(length: int) -> bool:
        return bool(options.refusal({option.id: "x" * length}))

    return bisect_left(range(LONGEST_TEXT + 1), True, lo=1, key=is_too_long) - 1


def _whole(alternatives: Iterable[str]) -> str:
    """Return the pattern of a text that is one of several, from its beginning to its end."""
    return f"^(?:{'|'.join(alternatives)}){_END}"


def _any_case(word: str) -> str:
    """Return the pattern of a word in small or capital letters, with `-` for `_`: no flag does."""
    return re.sub(
        r"[a-z_]", lambda sign: "[-_]" if sign[0] == "_" else f"[{sign[0].upper()}{sign[0]}]", word
    )
