"""Kinds of bodies and fields that several resources take."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

# What the description says of texts: no NUL (`api.bodies` sees to it), and not blank
NO_NUL = r"^[^\u0000]*$"
VISIBLE_TEXT: JsonDict = {"pattern": r"^[^\u0000]*[^\s\u0000-\u001f][^\u0000]*$"}


def _digits(value: Any) -> Any:
    """Refuse the other spellings that Python reads, such as ` 1`, `+1`, `1_0` and `１`."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,20}", value):
        raise PydanticCustomError("digits", "Input should be a whole number, in digits")
    return value


def _visible(value: str) -> str:
    """Refuse a text of white space alone, and take off what is around it."""
    if not re.search(r"[^\s\x00-\x1f]", value):
        raise PydanticCustomError("blank", "String should not be blank")
    return value.strip()


Digits = BeforeValidator(_digits)
Visible = AfterValidator(_visible)
# What names something else, in a body and in a query: no larger than the database can look for
LARGEST_ID = 2**63 - 1
Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
QueryId = Annotated[int, Field(ge=1, le=LARGEST_ID), Digits]


def _texts(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if field.get("type") == "string":
        yield field
    for part in (field.get("items"), *field.get("anyOf", ())):
        if isinstance(part, dict):
            yield from _texts(part)


def _describe(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        for text in _texts(field):
            text.setdefault("pattern", NO_NUL)


def _describe_change(schema: dict[str, Any]) -> None:
    _describe(schema)
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class Input(BaseModel):
    """The body of a request: what it does not know, it does not take."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_describe)


class Change(Input):
    """The body of a PATCH: what is not there stays as it is, so the defaults are never used."""

    model_config = ConfigDict(json_schema_extra=_describe_change)


class Page(BaseModel):
    """Which part of a list is asked for; a list that is filtered takes a model of its own from it."""

    model_config = ConfigDict(json_schema_extra=_describe)

    limit: Annotated[int, Field(ge=1, le=100, description="How many"), Digits] = 20
    offset: Annotated[
        int, Field(ge=0, le=1_000_000_000, description="How many to pass over"), Digits
    ] = 0
