"""The `.env` of a new project: what its `.env.example` leaves empty, filled with secrets."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import string
from pathlib import Path

EXAMPLE = ".env.example"
FILE = ".env"

_EMPTY = re.compile(r"(?m)^([A-Z][A-Z0-9_]*)=[ \t]*$")


def fill(example: str) -> str:
    """Give every name without a value a secret of its own.

    A name that ends in `_PATH` gets 16 letters and digits, for one segment of a URL (82 bits);
    any other gets 64 URL-safe characters (384 bits).
    """
    return _EMPTY.sub(lambda match: f"{match[1]}={_secret(match[1])}", example)


def _secret(name: str) -> str:
    if name.endswith("_PATH"):
        alphabet = string.ascii_lowercase + string.digits
        return "".join(secrets.choice(alphabet) for _ in range(16))
    return secrets.token_urlsafe(48)


def write(project: Path) -> None:
    """Write the `.env` of a project that has an example of one, for its owner alone to read."""
    example = project / EXAMPLE
    if not example.is_file():
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(project / FILE, flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        with contextlib.suppress(OSError):  # Some mounts refuse: what it was made with holds.
            os.fchmod(file.fileno(), 0o600)
        file.write(fill(example.read_text("utf-8")))
