"""Settings: read from the environment, typed, and all checked before anything starts."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import click
from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app import environment
from app.api.settings import ApiSettings
from app.database import DRIVERS
from app.environment import ENV_FILE, ROOT, filled
from app.mail import MailSettings

SITE_NAME = {{ title | to_json(ensure_ascii=false) }}  # fmt: skip
SITE_DESCRIPTION = {{ description | to_json(ensure_ascii=false) }}  # fmt: skip

HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")


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


{% include 'templates/shared/flask/config-database.py' %}


def check_debug(debug: str, info: ValidationInfo) -> str:
    if debug.lower() not in {"", "0", "false", "no"} and info.data.get("production"):
        raise ValueError("is on: the debugger runs any code that a visitor sends")
    return debug


def first_host(data: dict[str, Any]) -> str:
    # Where the hosts are wrong, pydantic may ask nevertheless.
    return str(data.get("allowed_hosts", ["localhost"])[0]).lstrip(".")


Debug = Annotated[str, AfterValidator(check_debug)]
Commas = BeforeValidator(lambda text: [one.strip() for one in text.split(",") if one.strip()])


class CoreSettings(BaseModel):
    """A field is read from the variable of its name; its description says what to do about it."""

    production: bool = False
    allowed_hosts: Annotated[tuple[str, ...], Commas, AfterValidator(check_hosts)] = Field(
        description="List names, without scheme or port: ALLOWED_HOSTS=api.example.org",
    )
    database_url: Annotated[SecretStr, AfterValidator(check_database)] = Field(
        description="Give sqlite:///relative, sqlite:////absolute or postgresql://user@host/name"
    )
    site_url: Annotated[str, AfterValidator(lambda url: url.rstrip("/"))] = Field(
        default_factory=lambda data: f"https://{first_host(data)}",
        pattern=r"^https?://[^/]",
        description="Give something like https://api.example.org",
    )
    default_from_email: str = Field(
        default_factory=lambda data: f"noreply@{first_host(data)}",
        pattern=r"^[^\r\n]*[^@\s]@[^@\s]+$",
    )
    trusted_proxy_count: int = Field(0, ge=0)
    hsts_seconds: int = Field(31_536_000, ge=0)
    hsts_preload: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    debug: Debug = ""
    flask_debug: Debug = ""


class Settings(MailSettings, ApiSettings, CoreSettings):
    """The settings of all parts. `production` says which of the two applications has them."""

{% include 'templates/shared/flask/config-load.py' %}

    def for_flask(self) -> dict[str, Any]:
        site = urlsplit(self.site_url)
        return {
            "SETTINGS": self,
            # Where links lead that are made without a request, as those in mails are.
            "SERVER_NAME": site.netloc,
            "PREFERRED_URL_SCHEME": site.scheme,
            "APPLICATION_ROOT": site.path or "/",
            "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
{% include 'templates/shared/flask/config-alembic.py' %}
        }


def production_settings() -> Settings:
    return Settings.load(environment.of_process(), production=True)


def development_settings() -> Settings:
    given = filled(dotenv_values(ENV_FILE, interpolate=False)) | filled(os.environ)
    usual = {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_URL": "http://localhost:8000",
        "DATABASE_URL": "sqlite:///db.sqlite3",
        "EMAIL_URL": "console:",
    }
{% if database == 'postgresql' %}
    if "DATABASE_URL" not in given:
        usual["DATABASE_URL"] = development_database(usual["DATABASE_URL"])
{% endif %}
    return Settings.load(usual | given)


{% if database == 'postgresql' %}
{% include 'templates/shared/flask/development-postgresql.py' %}


{% endif %}
def settings_here() -> Settings:
    """Return the settings of production on a server, those of development elsewhere.

    Nobody shall serve visitors in development because a word was forgotten.
    """
    needed = {"ALLOWED_HOSTS", "DATABASE_URL"}
    if needed <= filled(environment.of_process()).keys() and not ENV_FILE.exists():
        return production_settings()
    return development_settings()
