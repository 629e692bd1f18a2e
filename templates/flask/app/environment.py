"""The `.env` file: the settings of development, never those of production."""

import os
import re
import secrets
from pathlib import Path

import click
from dotenv import dotenv_values

EMPTY = re.compile(r"^([A-Z_]+)=[ \t]*$", re.MULTILINE)


def prepare(path: Path) -> None:
    """Give every secret of `path` a value; a file that is missing is made from `.env.example`.

    A secret is a line `NAME=` with nothing behind it. Only the owner may read the file.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = path.read_text(encoding="utf-8")
        if EMPTY.search(text):
            path.chmod(0o600)
            path.write_text(fill(text), encoding="utf-8")
        return
    example = path.with_name(".env.example").read_text(encoding="utf-8")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(fill(example))


def fill(text: str) -> str:
    """Return `text` with 64 random characters behind every empty name."""
    return EMPTY.sub(lambda match: f"{match[1]}={secrets.token_urlsafe(48)}", text)


def forget(path: Path) -> None:
    """Take out of the environment what the `flask` command has read from `path`.

    `flask` loads a `.env` before any code of the project runs, whatever `--app` names. It never
    overwrites a variable, so a value that differs from the file's came from the environment.
    """
    if click.get_current_context(silent=True) is None or not path.exists():
        return
    for name, value in dotenv_values(path, encoding="utf-8").items():
        if os.environ.get(name) == value:
            del os.environ[name]
