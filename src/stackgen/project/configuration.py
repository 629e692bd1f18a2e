"""A person's configuration: options and answers that they want in every project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stackgen import foreign_toml
from stackgen.errors import ConfigurationError
from stackgen.foreign_text import quoted
from stackgen.project.answers_file import PARTS
from stackgen.project.installation import Installation
from stackgen.project.preset import OF_EACH_PROJECT, Preset, check_entries, read_preset

STANDARDS = "standards"
"""The table of names of teams' standards."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def read_standards(path: Path) -> dict[str, str]:
    """Read which names a configuration gives to teams' standards.

    Args:
        path: The file.

    Returns:
        Name to address, none of them checked; nothing where there is no such file.

    Raises:
        ConfigurationError: It cannot be read, is not TOML, or an entry is no name and address.
    """
    text = read_preset(path)
    table = {} if text is None else _table(_tables(text, str(path)), STANDARDS, str(path))
    for name, address in table.items():
        if not (_NAME.fullmatch(name) and isinstance(address, str)):
            raise ConfigurationError(
                f"`{path}`: {quoted(name)} in `{STANDARDS}` is {quoted(address)}. Give a name of "
                "letters, digits, `_` and `-`, and an address."
            )
    return dict(table)


def read_configuration(path: Path, installation: Installation) -> Preset | None:
    """Read a configuration: TOML with the tables `[options]` and `[answers]`.

    `[standards]` is left to `read_standards`.

    Args:
        path: The file.
        installation: The questions and options that there are. A table, question or option that
            is none of them is left out with a warning: the file may be of another version.

    Returns:
        What it sets; nothing where there is no such file.

    Raises:
        ConfigurationError: It cannot be read, is not TOML, or a value in it is not allowed.
    """
    text = read_preset(path)
    return None if text is None else parse_configuration(text, str(path), installation)


def parse_configuration(text: str, name: str, installation: Installation) -> Preset:
    """Read the text of a configuration; see `read_configuration`.

    Args:
        text: The content.
        name: What to call the file in a message.
        installation: The questions and options that there are.

    Raises:
        ConfigurationError: It is not TOML, or a value in it is not allowed.
    """
    tables = _tables(text, name)
    answers, options = (_table(tables, part, name) for part in PARTS)
    misplaced = [option for option in options if option in OF_EACH_PROJECT]
    found = check_entries(
        answers,
        {option: value for option, value in options.items() if option not in misplaced},
        installation,
    )
    if found.refused:
        raise ConfigurationError(f"`{name}`: {found.refused[0]}")
    left_out = [
        *(_no_table(part, installation) for part in tables if part not in {*PARTS, STANDARDS}),
        *(f"The option `{option}` can only be set for one project." for option in misplaced),
        *found.unknown,
    ]
    return Preset(
        origin="configuration",
        answers=found.answers,
        options=found.options,
        warnings=tuple(f"`{name}`: {sentence} It is ignored." for sentence in left_out),
    )


def _no_table(part: str, installation: Installation) -> str:
    homes = {
        "answers": {question.id for question in installation.questionnaire.questions},
        "options": installation.options.settable,
    }
    hints = [f" Write it below `[{home}]`." for home, names in homes.items() if part in names]
    return f"There is no table {quoted(part)}.{''.join(hints)}"


def _tables(text: str, name: str) -> Mapping[str, Any]:
    try:
        return foreign_toml.loads(text)
    except ValueError as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise ConfigurationError(f"`{name}` cannot be read as TOML: {said}.") from error


def _table(tables: Mapping[str, Any], part: str, name: str) -> Mapping[str, Any]:
    table = tables.get(part, {})
    if not isinstance(table, dict):
        raise ConfigurationError(
            f"`{name}`: `{part}` is {quoted(table)}, not a table. Begin it with `[{part}]`."
        )
    return table
