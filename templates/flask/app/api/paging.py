"""Pages of lists: `?limit=20&offset=40`."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field


def only_digits(value: Any) -> Any:
    """Refuse the other spellings that Python reads, such as ` 1`, `+1`, `1_0` and `１`."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,10}", value):
        raise ValueError("Give a whole number in digits.")
    return value


Number = Annotated[int, BeforeValidator(only_digits)]


class Page(BaseModel):
    """Which part of a list."""

    limit: Number = Field(20, ge=1, le=100, description="How many")
    offset: Number = Field(0, ge=0, le=1_000_000_000, description="How many to pass over")
