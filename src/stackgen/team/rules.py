"""The rules of a standard held against a repository, generated or not; nothing of it is run."""

from __future__ import annotations

import datetime as dt
import errno
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from stackgen.foreign_text import quoted
from stackgen.project.exceptions import RuleException
from stackgen.team.edition import Edition
from stackgen.team.keyed import explain_key
from stackgen.team.paths import SUFFIX
from stackgen.team.standard import FileRule, Reason, ValueRule
from stackgen.template.option import shown, text_of
from stackgen.template.rendering import ANSWERS_FILE

State = Literal["passed", "failed", "excepted", "expired", "not-applicable"]
"""What came of a rule. `excepted` failed and the project has an exception, `expired` has one that
has run out; a rule that needs the options of a project is `not-applicable` to others."""

LARGEST_FILE = 10 * 1024 * 1024
"""In bytes: how much of a file is read."""

_Kind = Literal["file", "odd", "missing", "closed"]

_NO_FILE: Mapping[_Kind, str] = {
    "file": "",
    "odd": "is no plain file",
    "missing": "is not there",
    "closed": "cannot be looked at: a folder may not be entered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A rule, and what came of it.

    Attributes:
        id: The rule.
        state: What came of it.
        reason: Why there is such a rule, and whom to ask.
        detail: What was found; empty where all is well.
        file: The file of the repository that it speaks of.
    """

    id: str
    state: State
    reason: Reason
    detail: str = ""
    file: str = ANSWERS_FILE

    @property
    def fails(self) -> bool:
        """Whether it fails, or an exception from it has run out."""
        return self.state in {"failed", "expired"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a project that stackgen made.

    Attributes:
        framework: Its framework.
        options: What it records: option id to value.
        answers: What was answered: question id to choice id.
        open: The options that its framework leaves open.
        lag: How many releases of the template it is behind.
        files: The overlay's files as they are for it: path in the project to content.
    """

    framework: str
    options: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    lag: int = 0
    files: Mapping[str, bytes] = field(default_factory=dict)


def check_rules(
    edition: Edition,
    repository: Path,
    facts: Facts | None = None,
    exceptions: Sequence[RuleException] = (),
) -> tuple[Result, ...]:
    """Hold every rule of a standard against a repository.

    Args:
        edition: The standard.
        repository: Its directory; only files in it are read, and no links are followed.
        facts: What is known of it where stackgen made it; nothing for any other.
        exceptions: Those that it declares.
    """
    found = _Rules(edition, repository, facts).results()
    # Where there are several for a rule, the one that holds longest counts.
    by_rule = {each.rule: each for each in sorted(exceptions, key=_last_day)}
    return tuple(_with_exception(result, by_rule.get(result.id)) for result in found)


def _last_day(exception: RuleException) -> dt.date:
    return exception.until or dt.date.max


def _with_exception(result: Result, exception: RuleException | None) -> Result:
    if exception is None or result.state != "failed":
        return result
    because = exception.because.rstrip(".")
    until = exception.until.isoformat() if exception.until else ""
    if exception.is_over:
        return replace(
            result,
            state="expired",
            detail=f"{result.detail} The exception ran out on {until}: {because}.",
        )
    excepted = f"Excepted until {until}" if until else "Excepted"
    return replace(result, state="excepted", detail=f"{result.detail} {excepted}: {because}.")


class _Rules:
    def __init__(self, edition: Edition, repository: Path, facts: Facts | None) -> None:
        self._edition = edition
        self._repository = repository
        self._facts = facts

    def results(self) -> Iterator[Result]:
        standard = self._edition.standard
        facts = self._facts
        for option in standard.options.values():
            yield self._value(option, f"options.{option.id}", facts.options if facts else None)
        for answer in standard.answers.values():
            yield self._value(answer, f"answers.{answer.id}", facts.answers if facts else None)
        for paths, kind, wanted in (
            (standard.required, "required", True),
            (standard.forbidden, "forbidden", False),
        ):
            for rule in paths:
                detail = self._presence(rule.path, wanted=wanted)
                found = _result(f"{kind}:{rule.path}", detail, rule.reason)
                yield replace(found, file=rule.path)
        if standard.lag:
            yield self._lag(standard.lag.releases, standard.lag.reason)
        for file_rule in standard.rules:
            yield replace(self._file(file_rule), file=file_rule.file)

    def _value(self, rule: ValueRule, id_: str, values: Mapping[str, Any] | None) -> Result:
        """Hold a value against its rule; one that is no more than a default always passes."""
        if values is None or self._facts is None:
            return _not_applicable(id_, rule.reason, "It is no project of stackgen's.")
        is_option = id_.startswith("options.")
        if is_option and rule.id != "framework" and rule.id not in self._facts.open:
            said = f"{self._facts.framework} leaves no choice."
            return _not_applicable(id_, rule.reason, said)
        if not rule.bounds:
            return _result(id_, "", rule.reason)
        if rule.id not in values:
            detail = f"`{rule.id}` is not recorded."
            return _result(id_, detail, rule.reason)
        value = values[rule.id]
        allowed = [_as_text(each) for each in rule.bounds]
        if _as_text(value) in allowed:
            return _result(id_, "", rule.reason)
        wanted = " or ".join(f"`{each}`" for each in allowed)
        return _result(id_, f"`{rule.id}` is {quoted(shown(value))}, not {wanted}.", rule.reason)

    def _lag(self, most: int, reason: Reason) -> Result:
        if self._facts is None:
            return _not_applicable("lag", reason, "It is no project of stackgen's.")
        behind = self._facts.lag
        releases = "release" if behind == 1 else "releases"
        detail = f"It is {behind} {releases} behind; {most} are allowed." if behind > most else ""
        return _result("lag", detail, reason)

    def _file(self, rule: FileRule) -> Result:
        if rule.exists is not None:
            detail = self._presence(rule.file, wanted=rule.exists)
            return _result(rule.id, detail, rule.reason)
        if rule.equals and (said := self._not_for_it(rule.equals)):
            return _not_applicable(rule.id, rule.reason, said)
        if detail := _NO_FILE[self._kind(rule.file)]:
            return _result(rule.id, f"`{rule.file}` {detail}.", rule.reason)
        return self._content(rule)

    def _not_for_it(self, source: str) -> str:
        """Return why a file of the overlay is none of the repository's; empty where it is."""
        if self._facts is None:
            rendered = source.endswith(SUFFIX)
            said = f"`{source}` is rendered, and it is no project of stackgen's."
            return said if rendered else ""
        known = source in self._edition.files
        return "" if not known or source in self._own else f"`{source}` is not for such a project."

    @cached_property
    def _own(self) -> frozenset[str]:
        """The files of the overlay that a project of stackgen's gets."""
        assert self._facts  # noqa: S101 - the caller has seen to it
        return frozenset(self._edition.files_for(self._facts.framework).values())

    def _content(self, rule: FileRule) -> Result:
        try:
            raw = self._read(rule.file)
        except OSError as error:
            said = f"`{rule.file}` cannot be read: {error.strerror or error}."
            return _result(rule.id, said, rule.reason)
        if len(raw) > LARGEST_FILE:
            return _result(rule.id, f"`{rule.file}` is too large to be read.", rule.reason)
        if rule.equals:
            return self._equals(rule, raw)
        detail = explain_key(rule.file, raw, rule.key, rule.value)
        return _result(rule.id, detail, rule.reason)

    def _equals(self, rule: FileRule, raw: bytes) -> Result:
        source = self._edition.files.get(rule.equals)
        if source is None:
            said = f"`{rule.equals}` is not in the overlay of the standard."
            return _result(rule.id, said, rule.reason)
        expected = source.content
        if self._facts and rule.equals.endswith(SUFFIX):
            expected = self._facts.files[rule.equals.partition("/")[2].removesuffix(SUFFIX)]
        same = raw.replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n")
        detail = "" if same else f"`{rule.file}` is not as the standard has it."
        return _result(rule.id, detail, rule.reason)

    def _presence(self, path: str, *, wanted: bool) -> str:
        """Return what is wrong with there being something at a path, or nothing."""
        kind = self._kind(path)
        if kind == "closed":
            return f"`{path}` {_NO_FILE[kind]}."
        there = kind != "missing"
        return "" if there is wanted else f"`{path}` is {'there' if there else 'not there'}."

    def _kind(self, path: str) -> _Kind:
        """Tell what is at a path, beyond no link: whoever made the repository is a stranger."""
        place = self._repository
        *folders, name = path.split("/")
        try:
            for folder in folders:
                place /= folder
                if stat.S_ISLNK(place.lstat().st_mode):
                    return "missing"
            mode = (place / name).lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return "missing"
        except OSError as error:
            return "missing" if error.errno == errno.ENAMETOOLONG else "closed"
        return "file" if stat.S_ISREG(mode) else "odd"

    def _read(self, path: str) -> bytes:
        with (self._repository / path).open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)


def _result(id_: str, detail: str, reason: Reason) -> Result:
    return Result(id=id_, state="failed" if detail else "passed", reason=reason, detail=detail)


def _not_applicable(id_: str, reason: Reason, detail: str) -> Result:
    return Result(id=id_, state="not-applicable", reason=reason, detail=detail)


def _as_text(value: Any) -> str:
    """Return a value as a file writes it: `true` and true are one, as in an answers file."""
    return shown(value) if isinstance(value, bool) else text_of(value)
