"""How a project is verified: what is installed, run and asked, as the template says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from stackgen.errors import SourceError

Level = Literal["rendered", "installed", "tested", "served"]
"""How far a project with a choice got: its files were made; it was installed; its checks and tests
passed; its production server answered."""

LEVELS: tuple[Level, ...] = get_args(Level)


def lower(one: Level, other: Level) -> Level:
    """Return the lower one of two levels."""
    return min(one, other, key=LEVELS.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallStep:
    """A command that makes the environment, or is needed for that.

    Attributes:
        name: What it does.
        run: The command, for the project's directory.
        writes: The file that it makes; with that there, the command is not run.
    """

    name: str
    run: str
    writes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installer:
    """A way to install the project.

    Attributes:
        program: What must be on the PATH.
        needs: The file that must be in the project; empty where none must.
        steps: The commands, in order.
        not_checked: What this way leaves open.
    """

    program: str
    needs: str = ""
    steps: tuple[InstallStep, ...]
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A command of the project's own.

    Attributes:
        name: What it looks at.
        run: The command, for the project's directory.
        production: Whether it needs the settings of production.
    """

    name: str
    run: str
    production: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What the server is asked.

    Attributes:
        path: The path of the address.
        status: The answers that are right.
        type: The type of content that is right; empty where any is.
        option: The option that is seen at work there; empty where it is none.
    """

    path: str
    status: tuple[int, ...] = (200,)
    type: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How a project of some options is verified.

    Attributes:
        installers: The ways to install it; the first one that can be gone is.
        checks: What is run in it, in order.
        prepare: What is run before the server starts.
        serve: The command of the production server, with `{port}` in it.
        environment: Settings of production.
        secrets: Settings of production that are secrets, made for the occasion.
        headers: What a request carries, as a proxy in front would send it.
        addresses: What the server is asked.
        interpreter: The option that names a Python; it is seen where that one is.
        limits: The most that is seen of an option, where it is less than what the project reaches.
        not_checked: What is left open, in sentences.
    """

    installers: tuple[Installer, ...]
    checks: tuple[Check, ...]
    prepare: tuple[Check, ...]
    serve: str
    environment: Mapping[str, str]
    secrets: tuple[str, ...]
    headers: Mapping[str, str]
    addresses: tuple[Address, ...]
    interpreter: str
    limits: Mapping[str, Level]
    not_checked: tuple[str, ...]


def read_verification(data: Mapping[str, Any], checks: Mapping[str, Any]) -> Verification:
    """Return what the template says.

    Args:
        data: The value of `verification`.
        checks: The value of `checks`: what CI runs as well, and with which settings.

    Raises:
        SourceError: It is malformed.
    """
    try:
        return Verification(
            installers=tuple(_installer(each) for each in data["installers"]),
            checks=_commands(data["checks"]),
            prepare=_commands(data["prepare"]),
            serve=data["serve"],
            environment=_texts({**checks["environment"], **data["environment"]}),
            secrets=tuple(checks.get("secrets", data["secrets"])),
            headers=_texts(data["headers"]),
            addresses=tuple(_address(each) for each in data["addresses"]),
            interpreter=data["interpreter"],
            limits=dict(data["limits"]),
            not_checked=tuple(data["not_checked"]),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise SourceError(
            f"`verification` in `copier.yml` is malformed: {error}. Install stackgen again."
        ) from error


def _installer(data: Mapping[str, Any]) -> Installer:
    steps = tuple(InstallStep(**each) for each in data["steps"])
    open_ = tuple(data.get("not_checked", ()))
    return Installer(**{**data, "steps": steps, "not_checked": open_})


def _commands(data: Sequence[Mapping[str, Any]]) -> tuple[Check, ...]:
    return tuple(Check(**each) for each in data)


def _address(data: Mapping[str, Any]) -> Address:
    status = data.get("status", 200)
    statuses = tuple(status) if isinstance(status, list) else (status,)
    return Address(**{**data, "status": statuses})


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in data.items()}
