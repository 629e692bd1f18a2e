"""Kinds of values that several resources take."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError


def _digits(value: Any) -> Any:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        return int(value)
    raise PydanticCustomError("digits", "Input should be a whole number, in digits")


def _visible(value: str) -> str:
    """Refuse a text of white space alone, and take off what is around it."""
    if not value.strip():
        raise PydanticCustomError("blank", "String should have something to see")
    return value.strip()


Digits = BeforeValidator(_digits)
Visible = AfterValidator(_visible)
# What the description says of texts: no NUL (`api.bodies` sees to it), and something to see
ANY_TEXT: JsonDict = {"pattern": r"^[^\u0000]*$"}
VISIBLE_TEXT: JsonDict = {"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}


class Input(BaseModel):
    """The body of a request: what it does not know, it does not take."""

    model_config = ConfigDict(extra="forbid")


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class Change(Input):
    """The body of a PATCH: what is not there stays as it is, so the defaults are never used."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)


class Page(BaseModel):
    """Which part of a list is asked for."""

    limit: Annotated[int, Field(ge=1, le=100), Digits] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000_000), Digits] = 0
