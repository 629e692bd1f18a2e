"""The documents of a generated Flask project say what is true of it."""

from __future__ import annotations

import re

import pytest
from option_matrix import DEFAULTS
from rendering import Project, Render


@pytest.fixture
def project(render: Render) -> Project:
    return render(DEFAULTS["flask"])


def test_security_names_tests_that_exist(project: Project) -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", project.read("SECURITY.md"))
    assert len(named) > 35
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", project.read(f"tests/{file}"), re.MULTILINE)
    ]
    assert missing == []


def test_every_setting_of_the_environment_is_documented(project: Project) -> None:
    code = project.read("app/config.py")
    read = set(
        re.findall(r"^    ([a-z_]+): (?:Annotated|SecretStr|int|Literal)", code, re.MULTILINE)
    )
    read = {name.upper() for name in read}
    assert read >= {"SECRET_KEY", "HSTS_SECONDS", "LOG_LEVEL"}
    for document in (".env.example", "README.md"):
        text = project.read(document)
        assert {name for name in read if not re.search(rf"\b{name}\b", text)} == set(), document
