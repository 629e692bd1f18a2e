"""The steps of a verification, before they are made."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stackgen.template.verification import Address, Check, Installer, Verification
from stackgen.verification.python import Python

PORT = 8000
"""Where the server listens in the commands that people read; it runs on a port that is free."""

_PYTHON = "python3"
_SECRET = "\"$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')\""  # noqa: S105

Kind = Literal["install", "check", "prepare", "serve", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A step before it is made.

    Attributes:
        kind: What kind of step it is.
        name: What it does.
        words: The command, with `{port}` in it; empty where an address is asked for.
        production: Whether it gets the settings of production.
        writes: The lock that it makes; empty where it makes none.
        address: What is asked for; nothing where a command is run.
    """

    kind: Kind
    name: str
    words: tuple[str, ...] = ()
    production: bool = False
    writes: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All steps for a project.

    Attributes:
        verification: How a project of its options is verified.
        installer: The way it is installed.
        python: What it is installed with.
        steps: The steps, in order.
    """

    verification: Verification
    installer: Installer
    python: Python
    steps: tuple[Planned, ...]

    def of(self, *kinds: Kind) -> list[Planned]:
        """Return the steps of some kinds."""
        return [step for step in self.steps if step.kind in kinds]

    def words(self, step: Planned, port: int) -> list[str]:
        """Return the program of a step and its arguments."""
        return _filled(step.words, self.python.path, port)

    def typed(self, step: Planned) -> str:
        """Return the command that repeats a step, as a person types it."""
        if step.address:
            headers = (f"{name}: {text}" for name, text in self.verification.headers.items())
            words = ["curl", "--include", *(word for each in headers for word in ("-H", each))]
            return _typed([*words, f"http://127.0.0.1:{PORT}{step.address.path}"])
        words = _filled(step.words, self.python.name, PORT)
        if not step.production:
            return _typed(words)
        secrets = dict.fromkeys(self.verification.secrets, _SECRET)
        environment = self.verification.environment.items()
        return _typed(words, secrets | {name: shlex.quote(text) for name, text in environment})

    def repeated(self, step: Planned) -> tuple[str, ...]:
        """Return the commands that repeat a step, from a fresh project."""
        before = self.of("install")
        if step.kind in {"serve", "ask"}:
            before += [each for each in self.of("check", "prepare") if each.production]
        if step.kind == "ask":
            before += self.of("serve")
        if step in before:
            before = before[: before.index(step)]
        return tuple(self.typed(each) for each in [*before, step])


def plan(verification: Verification, python: Python, project: Path) -> Plan:
    """Plan the steps for a project.

    Args:
        verification: How a project of its options is verified.
        python: What it is installed with.
        project: Its directory.
    """
    installer = _choose(verification.installers, project)
    return Plan(
        verification=verification,
        installer=installer,
        python=python,
        steps=tuple(_steps(verification, installer, project)),
    )


def _choose(installers: Sequence[Installer], project: Path) -> Installer:
    """Return the first way that can be gone; the last one where none can, which will say why."""
    for installer in installers:
        there = installer.program == _PYTHON or shutil.which(installer.program)
        if there and (not installer.needs or (project / installer.needs).exists()):
            return installer
    return installers[-1]


def _steps(verification: Verification, installer: Installer, project: Path) -> Iterator[Planned]:
    for each in installer.steps:
        if not (each.writes and (project / each.writes).exists()):
            yield Planned(
                kind="install", name=each.name, words=_words(each.run), writes=each.writes
            )
    for check in verification.checks:
        yield _planned("check", check, production=check.production)
    for check in verification.prepare:
        yield _planned("prepare", check, production=True)
    serve = _words(verification.serve)
    yield Planned(kind="serve", name="Serve", words=serve, production=True)
    for address in verification.addresses:
        yield Planned(kind="ask", name=f"GET {address.path}", address=address)


def _planned(kind: Kind, check: Check, *, production: bool) -> Planned:
    return Planned(kind=kind, name=check.name, words=_words(check.run), production=production)


def _words(command: str) -> tuple[str, ...]:
    return tuple(shlex.split(command))


def _filled(words: Sequence[str], python: str, port: int) -> list[str]:
    first, *rest = (word.replace("{port}", str(port)) for word in words)
    return [python if first == _PYTHON else first, *rest]


def _typed(words: Sequence[str], settings: Mapping[str, str] | None = None) -> str:
    before = [f"{name}={text}" for name, text in (settings or {}).items()]
    return " ".join([*before, *map(_quoted, words)])


def _quoted(word: str) -> str:
    quoted = shlex.quote(word)
    return f'"{word}"' if quoted != word and not set(word) & set('"$`\\!') else quoted
