"""The process environment, and the `.env` file of development."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values, find_dotenv

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env"


{% include 'templates/shared/flask/environment-process.py' %}


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
