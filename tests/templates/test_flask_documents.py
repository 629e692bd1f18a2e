"""The documents of a generated Flask project say what is true of it."""

from __future__ import annotations

import re

import pytest
from option_matrix import DEFAULTS, Answers
from rendering import Project, Render

ACCOUNTS: Answers = {**DEFAULTS["flask"], "accounts": True}


KINDS = {
    "default": DEFAULTS["flask"],
    "accounts": ACCOUNTS,
    "admin": {**ACCOUNTS, "admin": True, "api": True},
    "programs": {**DEFAULTS["flask"], "api": True, "frontend": "none"},
    "stateless": {**DEFAULTS["flask"], "database": "none", "api": True},
    "form": {**DEFAULTS["flask"], "database": "none"},
    "service": {
        **DEFAULTS["flask"],
        "api": True,
        "frontend": "none",
        "database": "none",
        "ci": "none",
    },
}


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def project(request: pytest.FixtureRequest, render: Render) -> Project:
    return render(request.param)


def test_security_names_tests_that_exist(project: Project) -> None:
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", project.read("SECURITY.md"))
    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", project.read(f"tests/{file}"), re.MULTILINE)
    ]
    assert missing == []


def test_every_setting_of_the_environment_is_documented(project: Project) -> None:
    parts = ("accounts", "admin", "api")
    places = ("app/config.py", "app/mail.py", *(f"app/{part}/settings.py" for part in parts))
    code = "".join(project.read(place) for place in places if place in project.files)
    fields = re.findall(r"^    ([a-z_]+): [\w\[\], .()\"]+ = ", code, re.MULTILINE)
    # Those of the debugger are refused, wherever they come from.
    read = {name.upper() for name in fields} - {"PRODUCTION", "DEBUG", "FLASK_DEBUG"}
    assert read >= {"ALLOWED_HOSTS", "HSTS_SECONDS", "LOG_LEVEL"}
    assert ("EMAIL_TIMEOUT" in read) is ("app/mail.py" in project.files)
    for document in (".env.example", "README.md"):
        text = project.read(document)
        assert {name for name in read if not re.search(rf"\b{name}\b", text)} == set(), document


def test_nothing_of_accounts_is_left_without_them(render: Render) -> None:
    project = render(DEFAULTS["flask"])
    words = re.compile(r"accounts|argon2|sign[- ]?(?:in|up|ed in)\b|zxcvbn", re.IGNORECASE)
    found = [
        f"{name}: {line}"
        for name in project.files
        if name not in {".copier-answers.yml", "docs/decisions/0001-web-framework.md", "LICENSE"}
        for line in project.read(name).splitlines()
        if words.search(line)
    ]
    assert found == []
    with_them = render(ACCOUNTS)
    assert words.search(with_them.read("README.md"))
    assert set(with_them.files) > set(project.files)
