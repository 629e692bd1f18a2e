"""The rules of a standard held against a repository, generated or not; nothing of it is run."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from stackgen.foreign_text import quoted
from stackgen.project.exceptions import RuleException
from stackgen.team.edition import Edition
from stackgen.team.paths import SUFFIX
from stackgen.team.standard import FileRule, Reason, ValueRule
from stackgen.template.option import shown, text_of
from stackgen.template.rendering import ANSWERS_FILE

State = Literal["passed", "failed", "excepted", "expired", "not-applicable"]
"""What came of a rule. `excepted` failed and the project has an exception, `expired` has one that
has run out; a rule that needs the options of a project is `not-applicable` to others."""

LARGEST_FILE = 10 * 1024 * 1024
"""In bytes: how much of a file is read."""


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
        lag: How many releases of the template it is behind; None where that cannot be told.
        files: The overlay's files as they are for it: path in the project to content.
    """

    framework: str
    options: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    lag: int | None = None
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
    by_rule = {each.rule: each for each in exceptions}
    return tuple(_with_exception(result, by_rule.get(result.id)) for result in found)


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
        for rule in standard.options.values():
            yield self._value(
                rule, f"options.{rule.id}", self._facts.options if self._facts else None
            )
        for rule in standard.answers.values():
            yield self._value(
                rule, f"answers.{rule.id}", self._facts.answers if self._facts else None
            )
        for path in standard.required:
            there = self._kind(path.path) != "missing"
            detail = "" if there else f"`{path.path}` is not there."
            found = _result(f"required:{path.path}", detail, path.reason)
            yield replace(found, file=path.path)
        for path in standard.forbidden:
            there = self._kind(path.path) != "missing"
            detail = f"`{path.path}` is there." if there else ""
            found = _result(f"forbidden:{path.path}", detail, path.reason)
            yield replace(found, file=path.path)
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
        if self._facts.lag is None:
            return _not_applicable("lag", reason, "It follows no version that is known here.")
        behind = self._facts.lag
        releases = "release" if behind == 1 else "releases"
        detail = f"It is {behind} {releases} behind; {most} are allowed." if behind > most else ""
        return _result("lag", detail, reason)

    def _file(self, rule: FileRule) -> Result:
        kind = self._kind(rule.file)
        if rule.exists is not None:
            there = kind != "missing"
            said = f"`{rule.file}` is {'there' if there else 'not there'}."
            return _result(rule.id, "" if there is rule.exists else said, rule.reason)
        if self._facts is None and rule.equals.endswith(SUFFIX):
            said = f"`{rule.equals}` is rendered, and it is no project of stackgen's."
            return _not_applicable(rule.id, rule.reason, said)
        if kind != "file":
            said = {"missing": "is not there", "odd": "is no plain file"}[kind]
            return _result(rule.id, f"`{rule.file}` {said}.", rule.reason)
        return self._content(rule)

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
        return _result(rule.id, _key_detail(rule, raw), rule.reason)

    def _equals(self, rule: FileRule, raw: bytes) -> Result:
        source = self._edition.files.get(rule.equals)
        if source is None:
            said = f"`{rule.equals}` is not in the overlay of the standard."
            return _result(rule.id, said, rule.reason)
        expected = source.content
        if rule.equals.endswith(SUFFIX):
            place = rule.equals.partition("/")[2].removesuffix(SUFFIX)
            if self._facts is None or place not in self._facts.files:
                said = f"`{rule.equals}` is not for such a project."
                return _not_applicable(rule.id, rule.reason, said)
            expected = self._facts.files[place]
        same = raw.replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n")
        detail = "" if same else f"`{rule.file}` is not as the standard has it."
        return _result(rule.id, detail, rule.reason)

    def _kind(self, path: str) -> Literal["file", "odd", "missing"]:
        """Tell what is at a path, beyond no link: whoever made the repository is a stranger."""
        place = self._repository
        try:
            for part in path.split("/"):
                if place.is_symlink() and place != self._repository:
                    return "missing"
                place /= part
            if place.is_symlink():
                return "odd"
            if place.is_file():
                return "file"
            return "odd" if place.exists() else "missing"
        except OSError:
            return "missing"

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


def _key_detail(rule: FileRule, raw: bytes) -> str:
    """Return what is wrong with the key of a file; empty where nothing is."""
    loaders: Mapping[str, Callable[[str], Any]] = {
        ".toml": tomllib.loads,
        ".json": json.loads,
        ".yml": _load_yaml,
        ".yaml": _load_yaml,
    }
    load = loaders.get(Path(rule.file).suffix)
    if load is None:
        return f"`{rule.file}` is no TOML, JSON or YAML, so that it has no keys."
    try:
        value = load(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError, yaml.YAMLError):
        kind = Path(rule.file).suffix[1:].upper().replace("YML", "YAML")
        return f"`{rule.file}` cannot be read as {kind}."
    for part in _parts(rule.key, value):
        if not isinstance(value, dict) or part not in value:
            return f"`{rule.file}` has no `{rule.key}`."
        value = value[part]
    if type(value) is type(rule.value) and value == rule.value:
        return ""
    found, wanted = (_with_quotes(each) for each in (value, rule.value))
    return f"`{rule.key}` in `{rule.file}` is {found}, not {wanted}."


def _with_quotes(value: Any) -> str:
    """Return a value as a message shows it, a text with its quotes: `"1"` is not 1."""
    return quoted(json.dumps(value, ensure_ascii=False) if isinstance(value, str) else value)


def _parts(key: str, value: Any) -> list[str]:
    """Split a dotted key; a table may have keys with dots, and the longest one there counts."""
    parts: list[str] = []
    left = key.split(".")
    while left:
        for end in range(len(left), 0, -1):
            name = ".".join(left[:end])
            if isinstance(value, dict) and name in value:
                value, left = value[name], left[end:]
                parts.append(name)
                break
        else:
            return [*parts, *left]
    return parts


class _Loader(yaml.SafeLoader):
    """YAML as other programs write it: their own tags stand for nothing here."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def _load_yaml(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from SafeLoader
