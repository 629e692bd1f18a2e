"""Kinds of bodies and fields that several resources take."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

# What the schema says of texts: no NUL (`bodies.py` sees to it), and not blank
NO_NUL = r"^[^\u0000]*$"
VISIBLE_TEXT = {"pattern": r"^[^\u0000]*[^\s\u0000-\u001f][^\u0000]*$"}


def _visible(value: str) -> str:
    """Refuse a text of white space alone, and take off what is around it."""
    if not re.search(r"[^\s\x00-\x1f]", value):
        raise PydanticCustomError("blank", "String should not be blank")
    return value.strip()


def as_utc(time: datetime) -> datetime:
    """Return a time of the database with its zone, which SQLite does not keep."""
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


Visible = AfterValidator(_visible)
# What names something else: no larger than the database can look for
LARGEST_ID = 2_147_483_647
Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
UtcTime = Annotated[datetime, AfterValidator(as_utc)]


def _texts(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if field.get("type") == "string":
        yield field
    for part in (field.get("items"), *field.get("anyOf", ())):
        if isinstance(part, dict):
            yield from _texts(part)


def describe(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        for text in _texts(field):
            text.setdefault("pattern", NO_NUL)


def _describe_change(schema: dict[str, Any]) -> None:
    describe(schema)
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class Input(BaseModel):
    """The body of a request: what it does not know, it does not take."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe)


class Change(Input):
    """The body of a PATCH: what is not there stays as it is, so the defaults are never used."""

    model_config = ConfigDict(json_schema_extra=_describe_change)
