"""Exceptions that a project claims: read from a file that anybody may have written."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from stackgen.errors import ProjectError
from stackgen.project.exceptions import LARGEST_FILE, RuleException, read_exceptions

ENTRY = '[[tool.stackgen.exceptions]]\nrule = "lag"\nbecause = "It is retired soon."\n'


def test_entries_are_read_with_and_without_an_end(tmp_path):
    assert read_exceptions(tmp_path) == ()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    assert read_exceptions(tmp_path) == ()
    text = f'{ENTRY}until = 2027-03-31\n{ENTRY}until = "2027-03-31"\n{ENTRY}'
    (tmp_path / "pyproject.toml").write_text(text)
    day = dt.date(2027, 3, 31)
    assert read_exceptions(tmp_path) == tuple(
        RuleException(rule="lag", because="It is retired soon.", until=until)
        for until in (day, day, None)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool", "cannot be read: "),
        ("[tool.stackgen]\nexceptions = 1\n", r"Write `\[\[tool.stackgen.exceptions\]\]`"),
        ("[tool.stackgen]\nexceptions = [1]\n", "is no list of tables"),
        (ENTRY.replace("lag", " "), "`rule` must be a text that is not empty"),
        ('[[tool.stackgen.exceptions]]\nrule = "lag"\n', "`because` must be a text"),
        (f"{ENTRY}untill = 2027-03-31\n", "it has no key `untill`"),
        (f'{ENTRY}until = "soon"\n', "`until` is `soon`, which is no date such as 2027-03-31"),
        (f"{ENTRY}until = 2027-03-31T10:00:00\n", "which is no date"),
        (f"{ENTRY}until = 7\n", "`until` is `7`"),
        (f"x = {'[' * 5000}", "cannot be read|nested too deeply"),
        (f"# {'x' * LARGEST_FILE}", "is larger than 1024 KiB"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, said):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ProjectError, match=said):
        read_exceptions(tmp_path)


def test_what_is_no_file_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pyproject.toml")
    with pytest.raises(ProjectError, match="not a regular file"):
        read_exceptions(tmp_path)
    (tmp_path / "pyproject.toml").unlink()
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(ProjectError, match="not a regular file"):
        read_exceptions(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/pyproject.toml").write_bytes(b"\xff")
    with pytest.raises(ProjectError, match="utf-8"):
        read_exceptions(tmp_path / "other")


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere.toml").write_text(ENTRY)
    (tmp_path / "pyproject.toml").symlink_to("elsewhere.toml")
    with pytest.raises(ProjectError, match=r"pyproject\.toml` is a symbolic link"):
        read_exceptions(tmp_path)


def test_it_holds_on_its_last_day():
    today = dt.date.today()  # noqa: DTZ011 - a day of the person's own calendar
    ends = [today - dt.timedelta(days=1), today, today + dt.timedelta(days=1), None]
    found = [RuleException(rule="lag", because="-", until=each).is_over for each in ends]
    assert found == [True, False, False, False]
