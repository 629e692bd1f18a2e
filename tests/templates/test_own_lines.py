"""What a project adds where people add things merges with options that are taken up later."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from option_matrix import OPTIONS

from stackgen.errors import OptionError
from stackgen.template.drafts import Drafts

Files = Mapping[str, bytes]

DRAFTS = Drafts(OPTIONS)

BASES: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    "accounts": {"accounts": True},
    "api": {"api": True},
    "accounts-api": {"accounts": True, "api": True},
}

ANOTHER_FILE = {
    "LICENSE",
    "app/access.py",
    "app/accounts/profile.py",
    "app/api/owners.py",
    "config/management/commands/dev.py",
    "config/wsgi.py",
    "tests/accounts/test_profile.py",
    "tests/member.py",
    "tests/test_reset.py",
    "users/access.py",
}
"""What is another file altogether with some option, to its last line."""

ENDS_AS_RELEASED = {"config/settings/production.py", "pyproject.toml"}
"""What ends in Django with lines that options change: projects of releases have theirs after these,
and to move the lines now would be a conflict in every one."""

# Where, after which line, and what: by the habits of each framework.
LINES = {
    "django": [
        (
            "config/urls.py",
            '    path("notes/", include("notes.urls")),',
            '    path("shop/", shop),',
        ),
        ("config/settings/base.py", '    "notes",', '    "shop",'),
    ],
    "flask": [
        ("app/__init__.py", "        notes,", "        shop,"),
        ("app/__init__.py", "    security,", "    shop,"),
    ],
}


def files(**given: Any) -> Files:
    given = {"project_name": "shop", "recommendation": None, **given}
    return DRAFTS.files(OPTIONS.resolve(given).values)


def taken_up(framework: str, base: Mapping[str, Any]) -> Iterator[tuple[str, Files]]:
    """Yield what a change of one option makes of a project, with its name."""
    before = files(framework=framework, **base)
    for name, option in OPTIONS.settable.items():
        for value in map(option.parse, option.allowed):
            if name == "framework":
                continue
            try:
                after = files(framework=framework, **{**base, name: value})
            except OptionError:
                continue
            if after != before and "none" not in (value, name):
                yield f"{name}={value}", after


@pytest.fixture
def merges(tmp_path: Path):
    def merges(mine: bytes, base: bytes, theirs: bytes) -> bool:
        for name, content in (("mine", mine), ("base", base), ("theirs", theirs)):
            (tmp_path / name).write_bytes(content)
        done = subprocess.run(
            ["git", "merge-file", "--stdout", "--quiet", "mine", "base", "theirs"],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode == 0

    return merges


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_the_end_of_a_file_is_the_projects_own(framework, base, merges):
    """What is put there, be it a setting, a section, a test or a job, is in no option's way."""
    before = files(framework=framework, **BASES[base])
    conflicts = set()
    for change, after in taken_up(framework, BASES[base]):
        for path in before.keys() & after.keys() - ANOTHER_FILE - ENDS_AS_RELEASED:
            content = before[path]
            if content != after[path] and not merges(content + b"\nOWN\n", content, after[path]):
                conflicts.add((path, change))
    assert conflicts == set()


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    ("path", "line", "own", "framework"),
    [(*each, framework) for framework in OPTIONS.frameworks for each in LINES[framework]],
)
def test_a_part_of_ones_own_beside_the_example_is_in_no_options_way(
    path, line, own, framework, base, merges
):
    before = files(framework=framework, **BASES[base])[path]
    place = f"{line}\n".encode()
    assert place in before
    mine = before.replace(place, place + f"{own}\n".encode())
    for change, after in taken_up(framework, BASES[base]):
        assert merges(mine, before, after[path]), change
