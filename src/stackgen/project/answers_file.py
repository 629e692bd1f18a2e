"""Answers files: what `--answers` reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stackgen.advice.questionnaire import DONT_KNOW
from stackgen.errors import AnswerError
from stackgen.foreign_text import quoted
from stackgen.project.folder import shown
from stackgen.project.run_defaults import RUN_DEFAULTS
from stackgen.project.strict_yaml import load_plain, load_typed

LARGEST_FILE = 256 * 1024
"""In bytes. All questions and options together take less than 2 KiB."""

PARTS = ("answers", "options")

# What a record holds of its own project alone.
_OF_ONE_PROJECT = frozenset(
    {
        "recommendation",
        "title",
        *(name for name, each in RUN_DEFAULTS.items() if each.of_one_project),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersFile:
    """What a file holds: question id to choice id, and option id to value, neither checked yet.

    `of_project` says that the options are those of a project, where each has a value.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    of_project: bool = False


def parse_answers(text: str, name: str) -> AnswersFile:
    """Read an answers file's text, YAML or JSON, or a project's recorded answers.

    Args:
        text: The content.
        name: What to call the file in a message.

    Raises:
        AnswerError: It is not such a file; the message says what is wrong with it.
    """
    data = _parsed(_load, text, name)
    if data is None:
        raise AnswerError(f"`{name}` is empty. Give a mapping with `answers` or `options`.")
    if not isinstance(data, dict):
        raise AnswerError(f"`{name}` is not a mapping. Give one with `answers` or `options`.")
    odd = [key for key in data if not isinstance(key, str)]
    if "_src_path" in data and not odd:
        return _of_project(data)
    if unknown := odd or [key for key in data if key not in PARTS]:
        raise AnswerError(
            f"`{name}` has the unknown key {quoted(unknown[0])}. "
            "It may hold `answers` and `options`."
        )
    for part in PARTS:
        if not isinstance(data.get(part), dict | None):
            raise AnswerError(f"`{part}` in `{name}` is not a mapping of names to values.")
    return AnswersFile(answers=data.get("answers") or {}, options=data.get("options") or {})


def read_answers_file(path: Path) -> AnswersFile:
    """Read the answers file at `path`; see `parse_answers`.

    Raises:
        AnswerError: It is missing, not a file, too large, not UTF-8, or not an answers file.
    """
    return decode_answers(_content(path), str(path))


def decode_answers(raw: bytes, name: str) -> AnswersFile:
    """Read an answers file's bytes; see `parse_answers`.

    Raises:
        AnswerError: They are too many, not UTF-8, or not an answers file.
    """
    return parse_answers(_text(raw, name), name)


def read_record(path: Path) -> Mapping[str, Any]:
    """Read all that a project's own answers file records, each value with the type it has there.

    Args:
        path: The `.copier-answers.yml` of a project.

    Raises:
        AnswerError: It cannot be read, or does not hold what Copier records.
    """
    name = str(path)
    data = _parsed(load_typed, _text(_content(path), name), name)
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise AnswerError(f"`{name}` is not a mapping of names to values. Restore it from git.")
    return data


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise AnswerError(f"{shown(path)} is a directory. Name the answers file in it.")
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise AnswerError(f"{shown(path)} cannot be read: {reason}.") from error


def _text(raw: bytes, name: str) -> str:
    if len(raw) > LARGEST_FILE:
        raise AnswerError(
            f"`{name}` is larger than {LARGEST_FILE // 1024} KiB, too large for an answers file."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"`{name}` is not UTF-8 at byte {error.start}. Save it as UTF-8."
        raise AnswerError(message) from error


def _parsed(load: Callable[[str], Any], text: str, name: str) -> Any:
    try:
        return load(text)
    except RecursionError:
        raise AnswerError(f"`{name}` is nested too deeply to be an answers file.") from None
    except ValueError as error:
        said = " ".join(str(error).split())
        raise AnswerError(f"`{name}` cannot be read: {said}.") from error


def _load(text: str) -> Any:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text, object_pairs_hook=_no_duplicates)
        except json.JSONDecodeError:
            pass  # A YAML flow mapping starts the same way; its own error says more.
    return load_plain(text)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"duplicate key {quoted(twice)}")
    return data


def _of_project(data: Mapping[str, Any]) -> AnswersFile:
    recommendation = data.get("recommendation")
    recorded = recommendation if isinstance(recommendation, dict) else {}
    answers, passed = recorded.get("answers"), recorded.get("passed")
    return AnswersFile(
        answers={
            **{str(name): DONT_KNOW for name in (passed if isinstance(passed, list) else [])},
            **(answers if isinstance(answers, dict) else {}),
        },
        options={
            name: value
            for name, value in data.items()
            if not str(name).startswith("_") and name not in _OF_ONE_PROJECT
        },
        of_project=True,
    )
