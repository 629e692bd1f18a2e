"""The process environment: what the settings read from it, and the `.env` file of development."""

import os
import re
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

# What production does not start without.
REQUIRED = {
    "SECRET_KEY": "a random text of at least 50 characters, made by "
    "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`",
    "ALLOWED_HOSTS": "the host names served, separated by commas, for example `www.example.com`",
    "DATABASE_URL": "`sqlite:////var/lib/site/db.sqlite3` or `postgresql://user:password@host/name`",
    "ADMIN_PATH": "the first segment of the admin's address, letters and digits hard to guess",
}
SAMPLE_WORDS = ("insecure", "changeme", "change-me", "example", "secret")
# A name, with a leading dot for all below it, or an IPv6 address.
HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]", re.IGNORECASE)


def text(name: str, default: str = "") -> str:
    """Return the value of a variable, without white space around it; an empty one is not set."""
    return os.environ.get(name, "").strip() or default


def items(name: str) -> list[str]:
    """Return the parts of a variable that are separated by commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} cannot be `{value}`. Set it to a whole number.")
    return int(value)


def limit(name: str, default: int) -> int:
    """Return a number that is 1 or more: 0 would let nobody in, or count nothing."""
    if number(name, default) < 1:
        raise ImproperlyConfigured(f"{name} cannot be 0. Set it to a whole number, 1 or more.")
    return number(name, default)


def hosts(name: str) -> list[str]:
    """Return the host names of a variable; refuse what no request can match."""
    for host in items(name):
        if not HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} cannot hold `{host}`. Set it to names alone, such as `www.example.com`, "
                "without a scheme, port, path, quote or wildcard."
            )
    return items(name)


def segment(name: str) -> str:
    """Return a variable that is one plain segment of an address."""
    value = text(name)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ImproperlyConfigured(
            f"{name} cannot be `{value}`. Set it to one segment of letters, digits, `-` and `_`."
        )
    return value


def check_required() -> None:
    """Refuse to start while a required variable is missing; name them all."""
    missing = [name for name in REQUIRED if not text(name)]
    if missing:
        lines = [f"{name} is not set. Set it to {REQUIRED[name]}." for name in missing]
        raise ImproperlyConfigured("\n".join(lines))


def check_secret(name: str, value: str) -> None:
    """Refuse a secret that is short, repetitive or reads like a published sample."""
    fault = ""
    if len(value) < 50:
        fault = f"has {len(value)} characters, fewer than 50"
    elif len(set(value)) < 5:
        fault = f"has {len(set(value))} different characters, fewer than 5"
    elif any(word in value.lower() for word in SAMPLE_WORDS):
        fault = "looks like a sample, which anybody knows"
    if fault:
        raise ImproperlyConfigured(f"{name} {fault}. Set it to {REQUIRED['SECRET_KEY']}.")


def settings_module(directory: Path = BASE_DIR) -> str:
    """Return the settings that `manage.py` runs with where DJANGO_SETTINGS_MODULE is not set.

    Where the environment names a key, hosts and a database and no `.env` is there, this is a
    server, which must not run with debug pages because somebody forgot a flag.
    """
    on_server = all(text(name) for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"))
    if on_server and not (directory / ".env").exists():
        return "config.settings.production"
    return "config.settings.development"


def make_dotenv(directory: Path = BASE_DIR) -> None:
    """Make `.env` from `.env.example` where it is missing, so that a clone works at once.

    SECRET_KEY and ADMIN_PATH get values where they have none; nothing else in it is ever written.
    """
    path = directory / ".env"
    source = path if path.exists() else directory / ".env.example"
    present = filled = source.read_text(encoding="utf-8")
    for name, value in (
        ("SECRET_KEY", secrets.token_urlsafe(48)),
        ("ADMIN_PATH", secrets.token_hex(8)),
    ):
        filled = re.sub(rf"^{name}=[ \t]*$", f"{name}={value}", filled, flags=re.MULTILINE)
    if source != path or filled != present:
        path.touch(mode=0o600)
        path.chmod(0o600)  # a copy of the example is readable by all
        path.write_text(filled, encoding="utf-8")
