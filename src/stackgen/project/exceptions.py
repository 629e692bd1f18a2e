"""Exceptions from a team's rules that a project claims, in its own `pyproject.toml`.

[[tool.stackgen.exceptions]]
rule = "required:docs/runbook.md"
because = "It has no operator yet."
until = 2027-03-31
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen import foreign_toml
from stackgen.errors import OptionError, ProjectError
from stackgen.foreign_text import quoted
from stackgen.template.option import check_text

FILE = "pyproject.toml"
TABLE = "tool.stackgen.exceptions"
LARGEST_FILE = 1024 * 1024
"""In bytes. Whoever wrote the project wrote this file, too: it may be anything."""

_KEYS = frozenset({"rule", "because", "until"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleException:
    """A rule that a project does not follow, and says so.

    Attributes:
        rule: The id of the rule.
        because: Why.
        until: The last day on which that holds; or none.
    """

    rule: str
    because: str
    until: dt.date | None

    @property
    def is_over(self) -> bool:
        """Whether it has run out."""
        today = dt.date.today()  # noqa: DTZ011 - a day of the person's own calendar
        return self.until is not None and self.until < today


def read_exceptions(project: Path) -> tuple[RuleException, ...]:
    """Return the exceptions that a project claims; none where it has no `pyproject.toml`.

    Args:
        project: The project's directory.

    Raises:
        ProjectError: The file cannot be read, is no TOML, or its entries are not as they should be.
    """
    file = project / FILE
    entries: Any = _parsed(file)
    for key in TABLE.split("."):
        entries = entries.get(key, {}) if isinstance(entries, dict) else {}
    if not entries:
        return ()
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise ProjectError(f"`{TABLE}` in `{file}` is no list of tables. Write `[[{TABLE}]]`.")
    return tuple(_exception(entry, file) for entry in entries)


def _parsed(file: Path) -> dict[str, Any]:
    try:
        content = _content(file)
        return foreign_toml.loads(content.decode()) if content else {}
    except OSError as error:
        raise ProjectError(f"`{file}` cannot be read: {error.strerror}.") from error
    except ValueError as error:  # Of TOML, and of UTF-8.
        said = " ".join(str(error).split())
        raise ProjectError(f"`{file}` cannot be read: {said}.") from error


def _content(file: Path) -> bytes:
    """Return what the file holds; nothing where it is missing.

    It is opened so that neither a pipe nor a device lets anybody wait, and no link is followed.
    """
    if file.is_symlink():
        raise ProjectError(f"`{file}` is a symbolic link. Put the file itself there.")
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return b""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ProjectError(f"`{file}` is not a regular file. Restore it from git.")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            content = opened.read(LARGEST_FILE + 1)
    finally:
        os.close(descriptor)
    if len(content) > LARGEST_FILE:
        raise ProjectError(f"`{file}` is larger than {LARGEST_FILE // 1024} KiB: it is not read.")
    return content


def _exception(entry: dict[str, Any], file: Path) -> RuleException:
    for problem in _problems(entry):
        raise ProjectError(f"`[[{TABLE}]]` in `{file}`: {problem}")
    until = entry.get("until")
    return RuleException(
        rule=entry["rule"],
        because=entry["because"],
        until=dt.date.fromisoformat(until) if isinstance(until, str) else until,
    )


def _problems(entry: dict[str, Any]) -> Iterator[str]:
    for key in ("rule", "because"):
        if not (isinstance(entry.get(key), str) and entry[key].strip()):
            yield f"`{key}` must be a text that is not empty."
            continue
        try:
            check_text(key, entry[key])
        except OptionError as error:
            yield str(error)
    if unknown := entry.keys() - _KEYS:
        yield f"it has no key {quoted(min(unknown))}. Its keys are rule, because and until."
    until = entry.get("until")
    is_day = until is None or type(until) is dt.date
    if isinstance(until, str):
        try:
            is_day = bool(dt.date.fromisoformat(until))
        except ValueError:
            is_day = False
    if not is_day:
        yield f"`until` is {quoted(until)}, which is no date such as 2027-03-31."
