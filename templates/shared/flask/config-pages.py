"""Settings: read from the environment, typed, and all checked before anything starts."""

import os
import re
from collections.abc import Mapping
{{ 'from contextlib import suppress\nfrom importlib.util import find_spec\nfrom pathlib import Path\n' if database != 'none' else '' }}from typing import Annotated, Any, Literal, Self
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
{% if database != 'none' %}
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
{% endif %}

from app import environment
{% if accounts %}
from app.accounts.settings import AccountsSettings
{% endif %}
{{ 'from app.admin.settings import AdminSettings\n' if admin else '' }}{% if api %}
from app.api.settings import ApiSettings
{% endif %}
{{ 'from app.database import DRIVERS\n' if database != 'none' else '' }}from app.environment import ENV_FILE, {{ 'ROOT, ' if database != 'none' else '' }}filled
from app.mail import MailSettings

SITE_NAME = {{ title | to_json(ensure_ascii=false) }}  # fmt: skip
SITE_DESCRIPTION = {{ description | to_json(ensure_ascii=false) }}  # fmt: skip

SAMPLE_SECRET = re.compile("change.?me|example|insecure|passw|sample|secret|your.?key")
{{ 'BUILD = "Run: python -m app.npm ci, then: python -m app.npm run build"\n' if node else '' }}HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")


class ConfigurationError(click.ClickException):
    """Settings are missing or unsafe; the message says what to do about each."""


def check_secret(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    value = secret.get_secret_value()
    if not info.data.get("production"):
        return secret
    if len(value) < 50:
        raise ValueError(f"has {len(value)} characters, fewer than 50")
    if len(set(value)) < 10:
        raise ValueError("has fewer than 10 different characters")
    if SAMPLE_SECRET.search(value.lower()):
        raise ValueError("looks like a sample, which anybody knows")
    return secret


def check_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    if not hosts:
        raise ValueError("is empty")
    names = tuple(host.lower().removesuffix(".") for host in hosts)
    for name in names:
        if not HOST.fullmatch(name):
            raise ValueError(f"cannot hold {name!r}, which no request can ask for")
    return names


{% if database != 'none' %}
{% include 'templates/shared/flask/config-database.py' %}


{% endif %}
{% if node %}
{% include 'templates/shared/flask/config-client.py' %}


{% endif %}
def check_debug(debug: str, info: ValidationInfo) -> str:
    if debug.lower() not in {"", "0", "false", "no"} and info.data.get("production"):
        raise ValueError("is on: the debugger runs any code that a visitor sends")
    return debug


def first_host(data: dict[str, Any]) -> str:
    # Where the hosts are wrong, pydantic may ask nevertheless.
    return str(data.get("allowed_hosts", ["localhost"])[0]).lstrip(".")


Secret = Annotated[SecretStr, AfterValidator(check_secret)]
Debug = Annotated[str, AfterValidator(check_debug)]
Commas = BeforeValidator(lambda text: [one.strip() for one in text.split(",") if one.strip()])


class CoreSettings(BaseModel):
    """A field is read from the variable of its name; its description says what to do about it."""

    production: bool = False
    secret_key: Secret = Field(
        description="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )
    secret_key_fallbacks: Annotated[tuple[Secret, ...], Commas] = ()
    allowed_hosts: Annotated[tuple[str, ...], Commas, AfterValidator(check_hosts)] = Field(
        description="List names, without scheme or port: ALLOWED_HOSTS=www.example.org,example.org",
    )
{% if database != 'none' %}
    database_url: Annotated[SecretStr, AfterValidator(check_database)] = Field(
        description="Give sqlite:///relative, sqlite:////absolute or postgresql://user@host/name"
    )
{% endif %}
    site_url: Annotated[str, AfterValidator(lambda url: url.rstrip("/"))] = Field(
        default_factory=lambda data: f"https://{first_host(data)}",
        pattern=r"^https?://[^/]",
        description="Give something like https://www.example.org",
    )
    default_from_email: str = Field(
        default_factory=lambda data: f"noreply@{first_host(data)}",
        pattern=r"^[^\r\n]*[^@\s]@[^@\s]+$",
    )
{{ '    media_root: Annotated[Path, AfterValidator(lambda folder: ROOT / folder)] = ROOT / "media"\n' if database != 'none' else '' }}{% if node %}
    client_root: Annotated[Path, AfterValidator(check_client)] = Field(
        ROOT / "frontend" / "dist", validate_default=True, description=BUILD
    )
{% endif %}
    trusted_proxy_count: int = Field(0, ge=0)
    hsts_seconds: int = Field(31_536_000, ge=0)
    hsts_preload: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    debug: Debug = ""
    flask_debug: Debug = ""


class Settings(
    MailSettings,
{{ '    AccountsSettings,\n' if accounts else '' }}{{ '    AdminSettings,\n' if admin else '' }}{% if api %}
    ApiSettings,
{% endif %}
    CoreSettings,
):
    """The settings of all parts. `production` says which of the two applications has them."""

{% include 'templates/shared/flask/config-load.py' %}

    def for_flask(self) -> dict[str, Any]:
        fallbacks = [key.get_secret_value() for key in self.secret_key_fallbacks]
        secret_key = self.secret_key.get_secret_value()
        site = urlsplit(self.site_url)
        return {
            "SETTINGS": self,
            "SECRET_KEY": secret_key,
            "SECRET_KEY_FALLBACKS": fallbacks,
            # Where links lead that are made without a request, as those in mails are.
            "SERVER_NAME": site.netloc,
            "PREFERRED_URL_SCHEME": site.scheme,
            "APPLICATION_ROOT": site.path or "/",
            # A browser takes a `__Host-` cookie over https only, and never for a subdomain.
            "SESSION_COOKIE_NAME": "__Host-session" if self.production else "session",
            "SESSION_COOKIE_PATH": "/",
            "SESSION_COOKIE_SECURE": self.production,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": 12 * 60 * 60,
            "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 512 * 1024,
            "MAX_FORM_PARTS": 200,
{{ '            "MEDIA_ROOT": str(self.media_root),\n' if database != 'none' else '' }}            "CONTENT_SECURITY_POLICY": CONTENT_SECURITY_POLICY,
            # The last one signs, all verify: a form opened before a change of key still works.
            "WTF_CSRF_SECRET_KEY": [*fallbacks, secret_key],
            # The token lives as long as the session that it is compared with.
            "WTF_CSRF_TIME_LIMIT": None,
            # `security.SameOriginCSRF` looks at the origin as well as at the referrer.
            "WTF_CSRF_SSL_STRICT": False,
{% if database != 'none' %}
{% include 'templates/shared/flask/config-alembic.py' %}
{% endif %}
        }


def production_settings() -> Settings:
    return Settings.load(environment.of_process(), production=True)


def development_settings() -> Settings:
    environment.prepare(ENV_FILE)
    given = filled(dotenv_values(ENV_FILE, interpolate=False)) | filled(os.environ)
    usual = {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_URL": "http://localhost:8000",
{{ '        "DATABASE_URL": "sqlite:///db.sqlite3",\n' if database != 'none' else '' }}        "EMAIL_URL": "console:",
{{ '        "ADMIN_PATH": "admin",\n' if admin else '' }}    }
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
    needed = {"SECRET_KEY", "ALLOWED_HOSTS"{{ ', "DATABASE_URL"' if database != 'none' else '' }}}
    if needed <= filled(environment.of_process()).keys() and not ENV_FILE.exists():
        return production_settings()
    return development_settings()


# What a page may load, run and send, by the directives of the content security policy. The nonce
# of a response lets its own `<script>` and `<style>` pass.
CONTENT_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'", "'nonce-{nonce}'"],
    "style-src": ["'self'", "'nonce-{nonce}'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}
