"""The process environment, and the `.env` file of development."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values, find_dotenv

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env"


def filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that have a value, without white space around it."""
    return {name: text for name, value in variables.items() if (text := (value or "").strip())}


def of_process() -> dict[str, str]:
    """Return the variables that the process was started with, or that its code has set.

    Without what the `flask` command read from `.env` and `.flaskenv` before any code of the project.
    """
    try:
        started_with = os.fsdecode(Path("/proc/self/environ").read_bytes()).split("\0")
    except OSError:
        started_with = []  # only Linux tells; elsewhere FLASK_SKIP_DOTENV=1 keeps the files away
    said: dict[str, str | None] = {}
    for name in (".flaskenv", ".env"):
        said |= dotenv_values(find_dotenv(name, usecwd=True), encoding="utf-8")
    own = {
        name: value
        for name, value in os.environ.items()
        if said.get(name) != value or f"{name}={value}" in started_with
    }
    return dict(os.environ) if own.get("FLASK_SKIP_DOTENV") == "1" else own


def prepare(path: Path) -> None:
    """Make `.env` from `.env.example` where it is missing, and give SECRET_KEY a value in it."""
    source = path if path.exists() else path.with_name(".env.example")
    text = source.read_text(encoding="utf-8")
    key = f"SECRET_KEY={secrets.token_urlsafe(48)}"
    complete = re.sub(r"^SECRET_KEY=[ \t]*$", key, text, flags=re.MULTILINE)
    if source != path or complete != text:
        # In one step, so that no other process reads half of it.
        draft = path.with_name(f".env.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(complete, encoding="utf-8")
        draft.replace(path)
