"""The documents of a generated Django project say what is true of it."""

from __future__ import annotations

import re

import pytest
from option_matrix import DEFAULTS
from rendering import Project, Render

KINDS = {
    "default": DEFAULTS["django"],
    "accounts": {**DEFAULTS["django"], "accounts": True, "api": True},
    "client": {**DEFAULTS["django"], "api": True, "frontend": "react"},
    "htmx": {**DEFAULTS["django"], "frontend": "htmx"},
    "programs": {**DEFAULTS["django"], "api": True, "frontend": "none"},
}


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def project(request: pytest.FixtureRequest, render: Render) -> Project:
    return render(request.param)


def test_security_names_tests_that_exist(project: Project) -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", project.read("SECURITY.md"))
    assert len(named) > 40
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", project.read(f"tests/{file}"), re.MULTILINE)
    ]
    assert missing == []


def test_every_setting_of_the_environment_is_documented(project: Project) -> None:
    places = [name for name in project.files if name.startswith("config/settings/")]
    code = "".join(map(project.read, places))
    read = set(re.findall(r"\b(?:text|items|limit|number|hosts|segment)\(\"([A-Z_]+)\"", code))
    assert read >= {"SECRET_KEY", "ALLOWED_HOSTS", "ADMIN_PATH", "HSTS_SECONDS", "LOG_LEVEL"}
    for document in (".env.example", "README.md"):
        text = project.read(document)
        assert {name for name in read if not re.search(rf"\b{name}\b", text)} == set(), document
