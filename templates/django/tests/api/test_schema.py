"""The description of the API, the page to try it on, and who may see them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from api import schema
from config.settings import api as api_settings
from tests.api.conftest import Program, assert_problem
from tests.conftest import Browser
from users.models import User

ADDRESSES = ("/api/v1/openapi.json", "/api/v1/docs/")


def test_the_committed_description_is_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.management.commands.api_schema.BASE_DIR", tmp_path)
    call_command("api_schema")
    committed = Path("openapi.json").read_text(encoding="utf-8")
    written = (tmp_path / "openapi.json").read_text(encoding="utf-8")
    assert committed == written, "Run: manage.py api_schema"


def test_every_operation_says_what_may_go_wrong() -> None:
    document = schema.document()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert {"401", "429"} <= operation["responses"].keys(), (path, method)
            assert operation["security"]
            for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(operation)):
                part: Any = document
                for name in reference.split("/"):
                    part = part[name]


@pytest.mark.parametrize("address", ADDRESSES)
def test_staff_and_tokens_alone_see_the_description(
    address: str, client: Client, office: Client, reader: Program, settings: Any
) -> None:
    member = Browser()
    member.force_login(User.objects.create_user("eve@example.com"))
    for stranger in (client, member):
        assert_problem(stranger.get(address), 401)
    for insider in (office, reader):
        assert insider.get(address).status_code == 200
    settings.API_DOCS_PUBLIC = True
    assert client.get(address).status_code == 200


def test_the_page_keeps_the_policy(office: Browser) -> None:
    response = office.get("/api/v1/docs/")
    policy = response["Content-Security-Policy"]
    assert re.search(r"img-src [^;]*\bdata:", policy)
    assert policy.count("data:") == 1
    assert "unsafe" not in policy
    assert not re.search(r"<style|style=|\son\w+=|<script>|https?://", response.text)
    for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', response.text):
        assert office.get(file).status_code == 200, file
    assert "data:" not in office.get("/")["Content-Security-Policy"]


def test_other_origins_are_those_of_the_settings(program: Program, settings: Any) -> None:
    origin = {"Origin": "https://app.example.com"}
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    for path in (*ADDRESSES, "/api/v1/nowhere/", "/"):
        assert "Access-Control-Allow-Origin" not in program.get(path, headers=origin)
        assert "Access-Control-Allow-Origin" not in program.options(path, headers=asked)
    settings.CORS_ALLOWED_ORIGINS = [origin["Origin"]]
    for path in ("/api/v1/session/", "/api/v1/nowhere/"):
        answer = program.get(path, headers=origin)
        assert answer["Access-Control-Allow-Origin"] == origin["Origin"]
        assert "Access-Control-Allow-Credentials" not in answer
    preflight = Program().options("/api/v1/session/", headers=asked)
    assert preflight.status_code == 200
    assert "authorization" in preflight["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in program.get("/", headers=origin)
    for other in ("https://evil.example", "null", "http://app.example.com"):
        answer = program.get("/api/v1/session/", headers={"Origin": other})
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize(
    "origin", ["app.example.com", "https://A.example", "https://a.example/", "*", "null"]
)
def test_an_origin_that_is_none_is_refused(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_CORS_ORIGINS", f"https://good.example, {origin}")
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"cannot hold `{origin}`")):
        api_settings.origins()


def test_each_protection_of_the_api_names_a_test_that_exists() -> None:
    text = Path("SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`api/(test_\w+\.py)::(\w+)`", text)
    assert named
    for file, name in named:
        assert f"def {name}(" in Path("tests/api", file).read_text(encoding="utf-8")
