"""How often something may fail, or be asked for: one set of settings, whatever the framework."""

from __future__ import annotations

import re
from typing import Any

import pytest
from option_matrix import DEFAULTS
from rendering import Project, Render

LIMIT = re.compile("^(THROTTLE|FAILURES|CODES|MAILS|SIGNUP|STAFF)_")
DOCUMENTS = (".env.example", "README.md")
ACCOUNTS = {"accounts": True}


def limits(values: dict[str, Any]) -> dict[str, int]:
    return {name: int(value) for name, value in values.items() if LIMIT.match(name)}


def of_django(project: Project) -> dict[str, int]:
    """Return the limits that the settings read from the environment, and what they are without."""
    places = [name for name in project.files if name.startswith("config/settings/")]
    code = "".join(map(project.read, places))
    return limits(dict(re.findall(r'\b(?:limit|number)\("([A-Z_]+)", (\d+)\)', code)))


def of_flask(project: Project) -> dict[str, int]:
    code = project.read("app/accounts/settings.py")
    numbers = re.findall(r"^    ([a-z_]+): Number = (\d+)", code, re.MULTILINE)
    flags = re.findall(r"^    ([a-z_]+): bool = (True|False)", code, re.MULTILINE)
    found = {name.upper(): int(value) for name, value in numbers}
    found |= {name.upper(): int(value == "True") for name, value in flags}
    # It is on where `production` is; the projects' own tests see to it.
    return limits(found | {"STAFF_SECOND_FACTOR": 1})


def documented(project: Project, document: str) -> list[str]:
    """Return the lines of a document that are about limits."""
    names = r"(THROTTLE|FAILURES|CODES|MAILS|SIGNUP|STAFF)_[A-Z_]+"
    line = re.compile(rf"^# {names}=|^\| `{names}`")
    return [each for each in project.read(document).splitlines() if line.match(each)]


def test_limits_are_the_same_in_every_framework(render: Render) -> None:
    django, flask = (render({**DEFAULTS[name], **ACCOUNTS}) for name in ("django", "flask"))
    assert of_django(django) == of_flask(flask)
    assert len(of_flask(flask)) == 10
    for document in DOCUMENTS:
        assert documented(django, document) == documented(flask, document), document


@pytest.mark.parametrize("framework", ["django", "flask"])
def test_documents_have_the_numbers_of_the_code(render: Render, framework: str) -> None:
    project = render({**DEFAULTS[framework], **ACCOUNTS})
    of = {"django": of_django, "flask": of_flask}[framework](project)
    lines = "\n".join(documented(project, ".env.example"))
    assert limits(dict(re.findall(r"^# ([A-Z_]+)=(\d+)$", lines, re.MULTILINE))) == of
    said: dict[str, str] = {}
    for row in documented(project, "README.md"):
        names, numbers = re.findall(r"`([A-Z_]+)`", row), re.findall(r"\d+", row.split(";")[-1])
        said |= dict(zip(names, numbers, strict=True))
    assert limits(said) == of


@pytest.mark.parametrize("framework", ["django", "flask"])
def test_the_table_of_security_has_them_too(render: Render, framework: str) -> None:
    project = render({**DEFAULTS[framework], **ACCOUNTS})
    of = {"django": of_django, "flask": of_flask}[framework](project)
    (row,) = re.findall(r"(?m)^\| \d+ wrong passwords .*", project.read("SECURITY.md"))
    assert re.findall(r"\d+", row.split("|")[1])[:3] == [
        str(of[name])
        for name in ("FAILURES_PER_ACCOUNT", "FAILURES_PER_NETWORK", "THROTTLE_MINUTES")
    ]
    code = "".join(project.read(name) for name in project.files if name.endswith(".py"))
    (length,) = re.findall(r"(?:MIN_LENGTH = |\"min_length\": )(\d+)", code)
    assert re.search(rf"(?m)^\| {length} (?:to \d+ )?characters ", project.read("SECURITY.md"))
