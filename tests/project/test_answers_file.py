"""Answers files: every shape a person may hand over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stackgen.errors import AnswerError
from stackgen.project.answers_file import LARGEST_FILE, read_answers_file, read_record


def read(folder: Path, content: str | bytes) -> object:
    path = folder / "answers.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_answers_file(path)


def test_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    yaml = read(tmp_path, "answers: {scope: one-job, backoffice: no}\noptions:\n  python: 3.11\n")
    text = {"answers": {"scope": "one-job", "backoffice": "no"}, "options": {"python": "3.11"}}
    assert yaml == read(tmp_path, json.dumps(text))
    assert yaml.answers["backoffice"] == "no"


def test_a_part_may_be_missing_or_empty(tmp_path: Path) -> None:
    assert read(tmp_path, "answers:\n").answers == {}
    assert read(tmp_path, "options: {license: mit}").options == {"license": "mit"}


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfanswers: {team: 1-2}").answers == {"team": "1-2"}


def test_a_projects_record_is_an_answers_file(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        """
_commit: v1.0.0
_src_path: https://stackgen.invalid/stackgen.git
framework: django
license: mit
project_name: old
year: 2020
recommendation:
    framework: django
    answers:
        scope: many-modules
        first_project: 'no'
""",
    )
    assert record.answers == {"scope": "many-modules", "first_project": "no"}
    assert record.options == {"framework": "django", "license": "mit"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("just words", "is not a mapping"),
        ("[1, 2]", "is not a mapping"),
        ("answers: [scope]", "`answers` in "),
        ("anwsers: {}", "has the unknown key `anwsers`"),
        ("answers: {scope: a, scope: b}", "duplicate key `scope`"),
        ('{"options": {"api": true, "api": false}}', "duplicate key `api`"),
        ("answers: {a: &x b, c: *x}", "aliases are not allowed"),
        ("answers: {scope: [", "cannot be read"),
        ("answers: !!python/object:os.system {}", "cannot be read"),
        ("answers: !!timestamp soon", "the tag `tag:yaml.org,2002:timestamp` is not allowed"),
        ("x" * 300 + ": 1", f"has the unknown key `{'x' * 40}[.]{{3}}`"),
        ('"a\\nb": 1', r"has the unknown key `a\\nb`"),
        ("_src_path: x\n---\n_src_path: y", "cannot be read: expected a single document"),
        ("options: {api: !!bool maybe}", "the tag `tag:yaml.org,2002:bool` is not allowed"),
        ("options: {year: !!int ''}", "is not allowed"),
        (r'answers: {scope: "\UFFFFFFFF"}', "cannot be read: it holds a value that is out"),
        ("answers: !" + "x" * 300 + " {}", r"the tag `!x{79}[.]{3}` is not allowed"),
        ("_src_path: x\n~: y", "the unknown key `null`"),
        (b"answers: {scope: \xff}", "is not UTF-8 at byte 17"),
        ("answers: " + "[" * 10_000, "cannot be read|nested too deeply"),
        ("#" * (LARGEST_FILE + 1), "is larger than 256 KiB"),
    ],
)
def test_what_is_no_answers_file_is_refused_in_one_line(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(AnswerError, match=message) as caught:
        read(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match=r"none\.yml` cannot be read: No such file"):
        read_answers_file(tmp_path / "none.yml")
    with pytest.raises(AnswerError, match="is a directory"):
        read_answers_file(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"x: y\nyear: 0x{'f' * 4000}", "a number has more than 255 characters in line 2"),
        ("year: 2026-02-31", "a value is no timestamp in line 1"),
    ],
)
def test_a_record_whose_values_cannot_be_is_refused(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "answers.yml"
    path.write_text(content)
    with pytest.raises(AnswerError) as caught:
        read_record(path)
    assert str(caught.value) == f"`{path}` cannot be read: {said}."


def test_a_record_has_the_types_that_copier_writes_and_no_sexagesimal_numbers(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.yml"
    path.write_text(f"api: true\nyear: 2026\nday: '2026-01-01'\nother: {'1:' * 250}1.5\n")
    assert read_record(path) == {
        "api": True,
        "year": 2026,
        "day": "2026-01-01",
        "other": f"{'1:' * 250}1.5",
    }
