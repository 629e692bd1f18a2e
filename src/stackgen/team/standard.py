"""What a team's standard says: `standard.toml`, read and checked.

Nothing here knows which options or frameworks there are: a standard outlives versions of the
template. `stackgen.team.fitting` holds it against those of an installation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

STANDARD_FILE = "standard.toml"

Part = Literal["options", "answers"]
"""The tables of values that a standard has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a rule is there, and who can be asked.

    Attributes:
        because: A sentence for people.
        owner: Whom to ask.
        link: Where more stands.
    """

    because: str = ""
    owner: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRule:
    """What an option is set to, or a question answered with.

    Attributes:
        id: Of the option or question.
        value: The value where nothing else is said; None where the rule has none.
        allowed: All values that there may be; empty where any may.
        locked: Whether `value` is the only one.
        until: The day after which the rule should have been looked at again.
        reason: Why.
    """

    id: str
    value: Any = None
    allowed: tuple[Any, ...] = ()
    locked: bool = False
    until: date | None = None
    reason: Reason = field(default_factory=Reason)

    @property
    def default(self) -> Any:
        """The value of a new project where nobody says otherwise; None where there is none."""
        if self.value is None and self.allowed:
            return self.allowed[0]
        return self.value

    @property
    def bounds(self) -> tuple[Any, ...]:
        """The values that a project may have; empty where any may be."""
        return (self.value,) if self.locked else self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRule:
    """A file that a project must have, must not have, or does not get from the template."""

    path: str
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class LagRule:
    """By how many releases of the template a project may be behind."""

    releases: int
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRule:
    """What holds of one file.

    Attributes:
        id: What the rule is called.
        file: The file, relative to the project with `/`.
        exists: Whether it is there; None where the rule says something else.
        equals: The path, below `overlay/`, of the file that it equals; empty likewise.
        key: The dotted key that holds `value`; empty likewise.
        value: See `key`.
        reason: Why.
    """

    id: str
    file: str
    exists: bool | None = None
    equals: str = ""
    key: str = ""
    value: Any = None
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """All that `standard.toml` says.

    Attributes:
        name: What the team calls it.
        options: Option id to what it may be.
        answers: Question id to what the answer may be.
        required: Files that a project must have.
        forbidden: Files that it must not have.
        drop: Files of the template that it does not get.
        lag: How far it may be behind; or None.
        rules: What holds of single files.
    """

    name: str
    options: Mapping[str, ValueRule] = field(default_factory=dict)
    answers: Mapping[str, ValueRule] = field(default_factory=dict)
    required: tuple[PathRule, ...] = ()
    forbidden: tuple[PathRule, ...] = ()
    drop: tuple[PathRule, ...] = ()
    lag: LagRule | None = None
    rules: tuple[FileRule, ...] = ()
