"""Limits, documentation and other origins of the API."""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, field_validator
{% if database == 'none' %}

from app.api.tokens import Token, parse
{% endif %}

Limit = Annotated[int, Field(ge=0, description="Give a whole number; 0 is no limit.")]
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")


def split(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


class ApiSettings(BaseModel):
{% if database == 'none' %}
    api_token_sha256: Annotated[tuple[Token, ...], BeforeValidator(parse)] = Field(
        (), description="Make an entry: flask --app app api-token hash NAME", repr=False
    )
{% endif %}
    api_limit_token: Limit = 600  # requests a minute
    api_limit_network: Limit = 1200  # from the /24 of an IPv4 address, the /64 of an IPv6 address
    api_docs_public: bool = False
    api_cors_origins: Annotated[tuple[str, ...], BeforeValidator(split)] = Field(
        (), description="List origins, without a path: API_CORS_ORIGINS=https://app.example.org"
    )

    @field_validator("api_cors_origins")
    @classmethod
    def check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                raise ValueError(f"cannot hold {origin!r}, which is no origin")
        return origins
