"""The process environment: what production needs from it, and the `.env` file of development."""

import os
import re
import secrets
import string
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv as load
from environs import Env

env = Env()

REMEDIES = {
    "SECRET_KEY": "a random text of at least 50 characters, made by "
    "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`",
    "ALLOWED_HOSTS": "the host names served, separated by commas, for example `www.example.com`",
    "DATABASE_URL": "`sqlite:////var/lib/site/db.sqlite3` or `postgresql://user:password@host/name`",
    "ADMIN_PATH": "the first segment of the admin's address, letters and digits hard to guess",
}
SHORTEST_SECRET = 50
FEWEST_DIFFERENT_CHARACTERS = 5
SAMPLE_WORDS = ("insecure", "changeme", "change-me", "example", "secret")


def require(names: Iterable[str]) -> None:
    """Refuse to start while one of the variables named is missing or empty.

    Raises `ImproperlyConfigured`, which names every missing one and says what to set it to.
    """
    missing = [name for name in names if not os.environ.get(name, "").strip()]
    if missing:
        lines = [f"{name} is not set. Set it to {REMEDIES[name]}." for name in missing]
        raise ImproperlyConfigured("\n".join(lines))


def check_secret(name: str, value: str) -> None:
    """Refuse a secret that is short, repetitive or reads like a published sample."""
    if len(value) < SHORTEST_SECRET:
        fault = f"has {len(value)} characters, fewer than {SHORTEST_SECRET}"
    elif len(set(value)) < FEWEST_DIFFERENT_CHARACTERS:
        fault = "repeats a few characters"
    elif any(word in value.lower() for word in SAMPLE_WORDS):
        fault = "is a sample value"
    else:
        return
    raise ImproperlyConfigured(f"{name} {fault}. Set it to {REMEDIES['SECRET_KEY']}.")


def check_admin_path(value: str) -> None:
    """Refuse an admin path that is not one plain segment of an address."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ImproperlyConfigured(
            f"ADMIN_PATH cannot be `{value}`. Set it to one segment of letters, digits, `-` and "
            "`_`, without slashes."
        )


def load_dotenv(directory: Path) -> None:
    """Read `.env` of a directory into the environment, without replacing what is set there.

    A missing `.env` is made from `.env.example`, readable by its owner alone, and empty values
    get fresh secrets, so that a clone works at once. Production never calls this.
    """
    path = directory / ".env"
    source = path if path.exists() else directory / ".env.example"
    text = source.read_text(encoding="utf-8")
    filled = fill_in_secrets(text)
    if source != path or filled != text:
        _replace(path, filled)
    load(path, interpolate=False)


def fill_in_secrets(text: str) -> str:
    """Give each line `NAME=` of a `.env` file a secret of its own."""
    return re.sub(
        r"^([A-Z][A-Z0-9_]*)=[ \t]*$",
        lambda match: f"{match[1]}={_new_secret(match[1])}",
        text,
        flags=re.MULTILINE,
    )


def _new_secret(name: str) -> str:
    if name.endswith("_PATH"):
        alphabet = string.ascii_lowercase + string.digits
        return "".join(secrets.choice(alphabet) for _ in range(16))
    return secrets.token_urlsafe(48)


def _replace(path: Path, text: str) -> None:
    """Write a private file in one step, so that no reader sees half of it."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
