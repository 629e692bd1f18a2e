"""`standard.toml`, read strictly: whatever is not known is refused, and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from stackgen import foreign_toml
from stackgen.errors import OptionError, StandardError
from stackgen.foreign_text import one_line, quoted
from stackgen.team.paths import objection
from stackgen.team.standard import (
    STANDARD_FILE,
    FileRule,
    LagRule,
    Part,
    PathRule,
    Reason,
    Standard,
    ValueRule,
)
from stackgen.template.option import check_text

LARGEST_STANDARD = 256 * 1024
"""In bytes."""

_REASON = frozenset({"because", "owner", "link"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_RULE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LINK = re.compile(r"https://[A-Za-z0-9][^\s\\<>\"'`|\[\]{}]*")
_BUILT_IN = re.compile(r"lag|(?:options|answers)\..*")
_CHECKS = ("exists", "equals", "key")

_LONGEST_KEY = 500
_MOST_PARTS = 50
"""A key is looked for in time with the square of its parts: any of them may hold dots."""


def parse_standard(raw: bytes, name: str = STANDARD_FILE) -> Standard:
    """Read the bytes of a `standard.toml`.

    Args:
        raw: The content.
        name: What to call the file in a message.

    Raises:
        StandardError: It is too large, not UTF-8, no TOML, or not what a standard may say.
    """
    return _Reader(name).read(raw)


class _Reader:
    """Reads one file, whose name every message begins with."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self, raw: bytes) -> Standard:
        tables = self._load(raw)
        self._only(tables, {"name", "options", "answers", "files", "lag", "rules"}, "")
        name = tables.get("name")
        if not (isinstance(name, str) and _NAME.fullmatch(name)):
            self._refuse(
                f"`name` is {quoted(name)}. Give the standard a name of up to 64 letters, digits, "
                "spaces, `.`, `_` and `-`."
            )
        files = self._table(tables.get("files", {}), "files")
        self._only(files, {"required", "forbidden", "drop"}, "files")
        standard = Standard(
            name=name,
            options=self._values(tables, "options"),
            answers=self._values(tables, "answers"),
            required=self._paths(files, "required"),
            forbidden=self._paths(files, "forbidden"),
            drop=self._paths(files, "drop"),
            lag=self._lag(tables["lag"]) if "lag" in tables else None,
            rules=tuple(self._rules(tables.get("rules", []))),
        )
        self._check_together(standard)
        return standard

    def _load(self, raw: bytes) -> dict[str, Any]:
        if len(raw) > LARGEST_STANDARD:
            self._refuse(f"it is larger than {LARGEST_STANDARD // 1024} KiB.")
        try:
            return foreign_toml.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            self._refuse(f"it is not UTF-8 at byte {error.start}. Save it as UTF-8.")
        except ValueError as error:
            self._refuse(f"it cannot be read as TOML: {one_line(str(error)).rstrip('.')}.")

    def _values(self, tables: Mapping[str, Any], part: Part) -> dict[str, ValueRule]:
        table = self._table(tables.get(part, {}), part)
        return {id_: self._value_rule(id_, each, f"{part}.{id_}") for id_, each in table.items()}

    def _value_rule(self, id_: str, data: Any, where: str) -> ValueRule:
        self._text(id_, where)
        table = self._table(data, where)
        self._only(table, {"value", "allowed", "locked", "until", *_REASON}, where)
        if not {"value", "allowed"} & table.keys():
            self._refuse(f"`[{where}]` has neither `value` nor `allowed`. Give one of them.")
        for value in [table[key] for key in ("value",) if key in table]:
            self._scalar(value, f"{where}.value")
        allowed = table.get("allowed", [])
        if not isinstance(allowed, list) or ("allowed" in table and not allowed):
            self._refuse(f"`{where}.allowed` is {quoted(allowed)}. Give a list of values.")
        for value in allowed:
            self._scalar(value, f"{where}.allowed")
        locked = self._flag(table.get("locked", False), f"{where}.locked")
        if locked and "value" not in table:
            self._refuse(f"`[{where}]` is locked and has no `value`. Give the one to lock.")
        if locked and "allowed" in table:
            self._refuse(
                f"`[{where}]` is locked, so that `allowed` says nothing. Give one of both."
            )
        if allowed and "value" in table and table["value"] not in allowed:
            self._refuse(f"`{where}.value` is {quoted(table['value'])}, which is not in `allowed`.")
        until = table.get("until")
        if until is not None and (not isinstance(until, date) or isinstance(until, datetime)):
            self._refuse(f"`{where}.until` is {quoted(until)}. Give a date such as 2027-06-30.")
        return ValueRule(
            id=id_,
            value=table.get("value"),
            allowed=tuple(allowed),
            locked=locked,
            until=until,
            reason=self._reason(table, where),
        )

    def _paths(self, files: Mapping[str, Any], key: str) -> tuple[PathRule, ...]:
        where = f"files.{key}"
        entries = files.get(key, [])
        if not isinstance(entries, list):
            self._refuse(f"`{where}` is {quoted(entries)}. Give a list of paths.")
        found = [self._path_rule(entry, where) for entry in entries]
        self._unique([rule.path for rule in found], where)
        return tuple(found)

    def _path_rule(self, entry: Any, where: str) -> PathRule:
        if isinstance(entry, str):
            return PathRule(path=self._path(entry, where))
        table = self._table(entry, where)
        self._only(table, {"path", *_REASON}, where)
        path = self._path(table.get("path"), f"{where}.path")
        return PathRule(path=path, reason=self._reason(table, where))

    def _lag(self, data: Any) -> LagRule:
        table = self._table(data, "lag")
        self._only(table, {"releases", *_REASON}, "lag")
        releases = table.get("releases")
        if not isinstance(releases, int) or isinstance(releases, bool) or releases < 0:
            self._refuse(f"`lag.releases` is {quoted(releases)}. Give a number such as 2.")
        return LagRule(releases=releases, reason=self._reason(table, "lag"))

    def _rules(self, data: Any) -> Iterable[FileRule]:
        if not isinstance(data, list):
            self._refuse("`rules` is no list. Begin each rule with `[[rules]]`.")
        ids: list[str] = []
        for number, entry in enumerate(data, start=1):
            where = f"rules[{number}]"
            table = self._table(entry, where)
            self._only(table, {"id", "file", "value", *_CHECKS, *_REASON}, where)
            id_ = table.get("id")
            if not (isinstance(id_, str) and _RULE_ID.fullmatch(id_)) or _BUILT_IN.fullmatch(id_):
                self._refuse(
                    f"`{where}.id` is {quoted(id_)}. Give lower-case letters, digits, `.`, `_` and "
                    "`-`; `lag`, `options.` and `answers.` are taken."
                )
            ids.append(id_)
            yield self._file_rule(id_, table, f"rules.{id_}")
        self._unique(ids, "rules.id")

    def _file_rule(self, id_: str, table: Mapping[str, Any], where: str) -> FileRule:
        named = [key for key in _CHECKS if key in table]
        if len(named) != 1:
            self._refuse(f"`{where}` has {len(named)} of `exists`, `equals` and `key`. Give one.")
        if ("key" in table) != ("value" in table):
            self._refuse(f"`{where}`: `key` and `value` belong together. Give both.")
        equals, key = table.get("equals", ""), table.get("key", "")
        if "equals" in table:
            equals = self._path(equals, f"{where}.equals")
        if "key" in table and not (isinstance(key, str) and all(key.split("."))):
            self._refuse(
                f"`{where}.key` is {quoted(key)}. Give a key such as `tool.ruff.line-length`."
            )
        if len(key) > _LONGEST_KEY or key.count(".") >= _MOST_PARTS:
            self._refuse(
                f"`{where}.key` is {quoted(key)}. Give a key of at most {_LONGEST_KEY} characters "
                f"and {_MOST_PARTS} parts."
            )
        exists = self._flag(table["exists"], f"{where}.exists") if "exists" in table else None
        return FileRule(
            id=id_,
            file=self._path(table.get("file"), f"{where}.file"),
            exists=exists,
            equals=equals,
            key=key,
            value=table.get("value"),
            reason=self._reason(table, where),
        )

    def _check_together(self, standard: Standard) -> None:
        required = {rule.path for rule in standard.required}
        for key, rules in (("forbidden", standard.forbidden), ("drop", standard.drop)):
            if both := sorted(required & {rule.path for rule in rules}):
                self._refuse(f"`{both[0]}` is in `files.required` and in `files.{key}`.")

    def _reason(self, table: Mapping[str, Any], where: str) -> Reason:
        texts = {key: self._text(table[key], f"{where}.{key}") for key in _REASON & table.keys()}
        link = texts.get("link", "")
        if link and not _LINK.fullmatch(link):
            self._refuse(f"`{where}.link` is {quoted(link)}. Give an address with https://.")
        return Reason(**texts)

    def _path(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            self._refuse(f"`{where}` is {quoted(value)}. Give a path such as `docs/owners.md`.")
        if reason := objection(value):
            self._refuse(f"`{where}` is {quoted(value)}: {reason}.")
        return value

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            self._refuse(f"`{where}` is {quoted(value)}. Give a text.")
        try:
            check_text(where, value)
        except OptionError as error:
            self._refuse(str(error))
        return value

    def _scalar(self, value: Any, where: str) -> None:
        if not isinstance(value, str | bool | int):
            self._refuse(
                f"`{where}` is {quoted(value)}. Give a text in quotes, true, false or a whole "
                "number."
            )
        if isinstance(value, str):
            self._text(value, where)

    def _flag(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            self._refuse(f"`{where}` is {quoted(value)}. Give true or false.")
        return value

    def _table(self, value: Any, where: str) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._refuse(f"`{one_line(where)}` is {quoted(value)}, not a table.")
        return value

    def _only(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        known = set(known)
        if unknown := [key for key in table if key not in known]:
            place = f" in `{one_line(where)}`" if where else ""
            self._refuse(
                f"there is no key {quoted(unknown[0])}{place}. It may hold "
                f"{', '.join(f'`{key}`' for key in sorted(known))}."
            )

    def _unique(self, names: list[str], where: str) -> None:
        if twice := [name for name, times in Counter(names).items() if times > 1]:
            self._refuse(f"`{where}` names {quoted(twice[0])} twice.")

    def _refuse(self, what: str) -> NoReturn:
        raise StandardError(f"`{self._name}`: {what}")
