"""The JSON Schema of what each command prints under `--json`, failures included."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stackgen.advice.recommendation import Recommendation
from stackgen.schemas.compare import Comparison
from stackgen.schemas.derivation import DIALECT, Schema, schema_of
from stackgen.schemas.failure import Failure
from stackgen.schemas.new import NewResult
from stackgen.schemas.status import ProjectStatus
from stackgen.schemas.update import UpdateResult
from stackgen.template.options import Option, Options


def output_schema(command: str, options: Options) -> Schema:
    """Return the schema of a command's output.

    Args:
        command: One of `COMMANDS`.
        options: All options that there are: what they may be is part of some outputs.

    Raises:
        KeyError: There is no such command.
    """
    return {
        "$schema": DIALECT,
        "title": f"What `stackgen {command} --json` prints",
        **COMMANDS[command](_known(options)),
    }


def _known(options: Options) -> Mapping[str, Schema]:
    """Return the schemas of keys whose values the template decides on."""
    values = {name: _value(option) for name, option in options.settable.items()}
    return {
        "framework": {"enum": list(options.frameworks)},
        "options": {
            "type": "object",
            "additionalProperties": False,
            "required": list(values),
            "properties": values,
        },
    }


def _value(option: Option) -> Schema:
    if option.choices:
        return {"description": option.help, "enum": list(option.choices)}
    kind = {"bool": "boolean", "int": "integer"}.get(option.type, "string")
    return {"description": option.help, "type": kind}


def _or_failure(schema: Schema) -> Schema:
    """Return the schema of an object in whose place a failed call prints another."""
    # A failure promises no more than its one key, and may have others.
    return {"anyOf": [schema, {**schema_of(Failure), "additionalProperties": True}]}


def _questions(_known: Mapping[str, Schema]) -> Schema:
    """Return the schema of the schema of answers files."""
    return {"$ref": DIALECT, "required": ["$schema", "title", "type", "properties"]}


COMMANDS: Mapping[str, Callable[[Mapping[str, Schema]], Schema]] = {
    "new": lambda known: _or_failure(schema_of(NewResult, known)),
    "recommend": lambda known: _or_failure(schema_of(Recommendation, known)),
    "compare": lambda known: _or_failure(schema_of(Comparison, known)),
    "questions": lambda known: _or_failure(_questions(known)),
    "update": lambda known: schema_of(UpdateResult, known),
    "status": lambda known: schema_of(list[ProjectStatus], known),
}
