"""Queries: pages of lists, `?limit=20&offset=40`, and numbers in digits."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.api.fields import LARGEST_ID, describe


def only_digits(value: Any) -> Any:
    """Refuse the other spellings that Python reads, such as ` 1`, `+1`, `1_0` and `１`."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,20}", value):
        raise PydanticCustomError("digits", "Input should be a whole number, in digits")
    return value


Number = Annotated[int, BeforeValidator(only_digits)]
QueryId = Annotated[Number, Field(ge=1, le=LARGEST_ID)]


class Page(BaseModel):
    """Which part of a list is asked for; a list that is filtered takes a model of its own from it."""

    model_config = ConfigDict(json_schema_extra=describe)

    limit: Number = Field(20, ge=1, le=100, description="How many")
    offset: Number = Field(0, ge=0, le=1_000_000_000, description="How many to pass over")
