"""What was last seen of each choice of an option: rendered, installed, tested or served.

The levels of this installation are written by the proof suite (`docs/verify.md`), with a digest of
what that went by: where the template has moved on since, a test refuses the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stackgen.errors import SourceError
from stackgen.template.options import Options
from stackgen.template.verification import Level
from stackgen.template.yaml_text import load_yaml

FILE = Path(__file__).with_name("evidence.json")

# Below `templates/`, and by their names: what is installed, run and asked.
_COMMANDS = ("shared/checks*.yml", "shared/commands*.yml", "shared/verification*.yml")
_DEPENDENCIES = ("*/pyproject.toml.jinja", "shared/*/dependencies.toml", "shared/*/dev.toml")


@cache
def evidence() -> Mapping[str, Mapping[str, Level]]:
    """Return the level of each choice, by option and value as a person writes it.

    Raises:
        SourceError: The file of this installation cannot be read.
    """
    choices: Mapping[str, Mapping[str, Level]] = _read()["choices"]
    return choices


def recorded_digest() -> str:
    """Return the digest of the template that the levels were seen with.

    Raises:
        SourceError: The file of this installation cannot be read.
    """
    return str(_read()["digest"])


def document(options: Options, choices: Mapping[str, Mapping[str, Level]]) -> str:
    """Return the content of the file.

    Args:
        options: The options of the template that was looked at.
        choices: What was seen of each choice.
    """
    content = {"digest": digest(options), "choices": choices}
    return json.dumps(content, indent=2) + "\n"


def digest(options: Options) -> str:
    """Return what tells a template from one whose choices might reach other levels.

    That is every option with its choices, rules and files, every command that is run and address
    that is asked, and every dependency. Comments and white space do not count, nor does the code
    of the projects: of that the proof suite says itself, in every run, whether it still reaches
    what the file says.
    """
    content = hashlib.sha256()
    for part in (*_rules(options), *_files(options.template / "templates")):
        content.update(f"{part}\n".encode())
    return content.hexdigest()


def _rules(options: Options) -> Iterator[str]:
    text = (options.template / "copier.yml").read_text("utf-8")
    yield json.dumps(_dense(load_yaml(text)), sort_keys=True)


def _dense(value: Any) -> Any:
    """Return a value without the white space of its texts."""
    if isinstance(value, dict):
        return {str(key): _dense(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_dense(each) for each in value]
    return "".join(value.split()) if isinstance(value, str) else value


def _files(folder: Path) -> Iterator[str]:
    for pattern in (*_COMMANDS, *_DEPENDENCIES):
        for path in sorted(folder.glob(pattern)):
            lines = path.read_text("utf-8").splitlines()
            lines = [line for line in lines if not line.lstrip().startswith("#")]
            yield f"{path.relative_to(folder).as_posix()} {''.join(''.join(lines).split())}"


def forget() -> None:
    """Read the file anew when it is next asked for."""
    evidence.cache_clear()
    _read.cache_clear()


@cache
def _read() -> Mapping[str, Any]:
    try:
        read: Mapping[str, Any] = json.loads(FILE.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(
            f"`{FILE.name}` cannot be read: {error}. Install stackgen again."
        ) from error
    return read
