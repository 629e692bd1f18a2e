"""Settings: read from the environment, typed, and all checked before anything starts."""

import os
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import click
from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
)

from app import environment
from app.api.tokens import Token, parse
from app.environment import ENV_FILE, filled

SITE_NAME = {{ title | to_json(ensure_ascii=false) }}  # fmt: skip
SITE_DESCRIPTION = {{ description | to_json(ensure_ascii=false) }}  # fmt: skip

HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")


class ConfigurationError(click.ClickException):
    """Settings are missing or unsafe; the message says what to do about each."""


def check_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    if not hosts:
        raise ValueError("is empty")
    names = tuple(host.lower().removesuffix(".") for host in hosts)
    for name in names:
        if not HOST.fullmatch(name):
            raise ValueError(f"cannot hold {name!r}, which no request can ask for")
    return names


def check_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f"cannot hold {origin!r}, which is no origin")
    return origins


def check_debug(debug: str, info: ValidationInfo) -> str:
    if debug.lower() not in {"", "0", "false", "no"} and info.data.get("production"):
        raise ValueError("is on: the debugger runs any code that a visitor sends")
    return debug


Debug = Annotated[str, AfterValidator(check_debug)]
Commas = BeforeValidator(lambda text: [one.strip() for one in text.split(",") if one.strip()])
Limit = Annotated[int, Field(ge=0, description="Give a whole number; 0 is no limit.")]


class Settings(BaseModel):
    """A field is read from the variable of its name; its description says what to do about it."""

    production: bool = False
    allowed_hosts: Annotated[tuple[str, ...], Commas, AfterValidator(check_hosts)] = Field(
        description="List names, without scheme or port: ALLOWED_HOSTS=api.example.org",
    )
    api_token_sha256: Annotated[tuple[Token, ...], BeforeValidator(parse)] = Field(
        description="Make an entry: flask --app app api-token hash NAME", repr=False
    )
    api_limit_token: Limit = 600  # requests a minute
    api_limit_network: Limit = 1200  # from the /24 of an IPv4 address, the /64 of an IPv6 address
    api_docs_public: bool = False
    api_cors_origins: Annotated[tuple[str, ...], Commas, AfterValidator(check_origins)] = Field(
        (), description="List origins, without a path: API_CORS_ORIGINS=https://app.example.org"
    )
    trusted_proxy_count: int = Field(0, ge=0)
    hsts_seconds: int = Field(31_536_000, ge=0)
    hsts_preload: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    debug: Debug = ""
    flask_debug: Debug = ""

{% include 'templates/shared/flask/config-load.py' %}

    def for_flask(self) -> dict[str, Any]:
        return {
            "SETTINGS": self,
            "PREFERRED_URL_SCHEME": "https" if self.production else "http",
            "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
        }


def production_settings() -> Settings:
    return Settings.load(environment.of_process(), production=True)


def development_settings() -> Settings:
    given = filled(dotenv_values(ENV_FILE, interpolate=False)) | filled(os.environ)
    # `flask dev` makes a token where the list is empty, as this one is.
    usual = {"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]", "API_TOKEN_SHA256": ","}
    return Settings.load(usual | given)


def settings_here() -> Settings:
    """Return the settings of production on a server, those of development elsewhere.

    Nobody shall serve strangers in development because a word was forgotten.
    """
    needed = {"ALLOWED_HOSTS", "API_TOKEN_SHA256"}
    if needed <= filled(environment.of_process()).keys() and not ENV_FILE.exists():
        return production_settings()
    return development_settings()
