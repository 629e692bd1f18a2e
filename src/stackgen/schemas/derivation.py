"""JSON Schemas (draft 2020-12), derived from the types of what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SIMPLE = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}


def schema_of(  # noqa: PLR0911 - one kind of type, one return
    shape: Any, known: Mapping[str, Schema] | None = None
) -> Schema:
    """Return the schema of all values of a type.

    Objects are closed: a key that the type does not name is not printed either.

    Args:
        shape: A `TypedDict`, a dataclass, or a type made of them, of lists, of mappings with texts
            for keys, of literals and of what JSON has itself. A text in `Annotated` describes.
        known: Schemas of keys whose values are a matter of data and not of types, by key.
    """
    known = known or {}
    origin, arguments = get_origin(shape), get_args(shape)
    if shape is Any:
        return {}
    if shape in _SIMPLE:
        return {"type": _SIMPLE[shape]}
    if origin is Annotated:
        return _described(schema_of(arguments[0], known), arguments[1:])
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in {Union, UnionType}:
        return _any_of([schema_of(each, known) for each in arguments])
    if origin in {list, tuple, Sequence}:
        return {"type": "array", "items": schema_of(arguments[0], known)}
    if origin in {dict, Mapping}:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], known)}
    return _object(shape, known)


def _object(shape: Any, known: Mapping[str, Schema]) -> Schema:
    hints = get_type_hints(shape, include_extras=True)
    optional = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    return {
        "description": (shape.__doc__ or "").partition("\n")[0],
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in hints if name not in optional],
        "properties": {
            name: _property(name, get_args(hint)[0] if name in optional else hint, known)
            for name, hint in hints.items()
        },
    }


def _property(name: str, hint: Any, known: Mapping[str, Schema]) -> Schema:
    """Return the schema of a key's values: the one that is known, else that of its type."""
    if name not in known:
        return schema_of(hint, known)
    texts = hint.__metadata__ if get_origin(hint) is Annotated else ()
    plain = get_args(hint)[0] if texts else hint
    optional = NoneType in get_args(plain)
    return _described(_any_of([known[name], {"type": "null"}]) if optional else known[name], texts)


def _described(schema: Schema, texts: Sequence[str]) -> Schema:
    return {"description": " ".join(texts), **schema} if texts else schema


def _any_of(schemas: Sequence[Schema]) -> Schema:
    if all(schema.keys() == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"anyOf": list(schemas)}
