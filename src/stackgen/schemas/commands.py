"""The JSON Schema of what each command prints under `--json`, failures included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from stackgen.schemas.derivation import DIALECT, Schema, schema_of
from stackgen.schemas.failure import Failure

if TYPE_CHECKING:
    from stackgen.template.option import Option
    from stackgen.template.options import Options


def output_schema(command: str, options: Options) -> Schema:
    """Return the schema of a command's output.

    Args:
        command: One of `COMMANDS`, or of `FILES`.
        options: All options that there are: what they may be is part of some outputs.

    Raises:
        KeyError: There is no such command.
    """
    described = COMMANDS | FILES
    title = command if command in FILES else f"What `stackgen {command} --json` prints"
    return {"$schema": DIALECT, "title": title, **described[command](_known(options))}


def _known(options: Options) -> Mapping[str, Schema]:
    """Return the schemas of keys whose values the template decides on."""
    from stackgen.template.combinations import possible

    words = possible(options)
    values = {
        name: _value(option, words.get(name, ())) for name, option in options.settable.items()
    }
    return {
        "framework": {"enum": list(options.frameworks)},
        "options": {
            "type": "object",
            "additionalProperties": False,
            "required": list(values),
            "properties": values,
        },
    }


def _value(option: Option, possible_words: Sequence[str]) -> Schema:
    if possible_words:
        values = [option.parse(word) for word in possible_words]
        return {"description": option.help, "enum": values}
    kind = {"bool": "boolean", "int": "integer"}.get(option.type, "string")
    return {"description": option.help, "type": kind}


def _or_failure(schema: Schema) -> Schema:
    """Return the schema of an object in whose place a failed call prints another."""
    # A failure promises no more than its one key, and may have others.
    return {"anyOf": [schema, {**schema_of(Failure), "additionalProperties": True}]}


def _new(known: Mapping[str, Schema]) -> Schema:
    from stackgen.schemas.new import NewResult

    return _or_failure(schema_of(NewResult, known))


def _recommend(known: Mapping[str, Schema]) -> Schema:
    from stackgen.advice.recommendation import Recommendation

    return _or_failure(schema_of(Recommendation, known))


def _compare(known: Mapping[str, Schema]) -> Schema:
    from stackgen.schemas.compare import Comparison

    return _or_failure(schema_of(Comparison, known))


def _questions(_known: Mapping[str, Schema]) -> Schema:
    """Return the schema of the schema of answers files."""
    required = ["$schema", "title", "type", "properties"]
    return _or_failure({"$ref": DIALECT, "required": required})


def _update(known: Mapping[str, Schema]) -> Schema:
    from stackgen.schemas.update import UpdateResult

    return schema_of(UpdateResult, known)


def _status(known: Mapping[str, Schema]) -> Schema:
    from stackgen.schemas.status import ProjectStatus

    return schema_of(list[ProjectStatus], known)


def _audit(known: Mapping[str, Schema]) -> Schema:
    from stackgen.schemas.audit import AuditedRepository

    return schema_of(list[AuditedRepository], known)


def _verify(known: Mapping[str, Schema]) -> Schema:
    from stackgen.schemas.receipt import VerifyResult

    return _or_failure(schema_of(VerifyResult, known))


def _adopt(known: Mapping[str, Schema]) -> Schema:
    """Return the schema of a project of any version, which may have other options than this one."""
    from stackgen.schemas.adopt import AdoptResult

    return schema_of(AdoptResult, {"framework": known["framework"]})


def _receipt(known: Mapping[str, Schema]) -> Schema:
    from stackgen.verification.receipt import Receipt

    return schema_of(Receipt, known)


# A shell asks for the names alone: what stands behind them is imported when it is described.
COMMANDS: dict[str, Callable[[Mapping[str, Schema]], Schema]] = {
    "new": _new,
    "recommend": _recommend,
    "compare": _compare,
    "questions": _questions,
    "update": _update,
    "status": _status,
    "verify": _verify,
    "adopt": _adopt,
    "audit": _audit,
}

# What stands in a project and is read by programs.
FILES: dict[str, Callable[[Mapping[str, Schema]], Schema]] = {"receipt": _receipt}
