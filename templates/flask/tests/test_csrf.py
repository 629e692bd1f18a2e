"""No other site can make a visitor's browser change anything here."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from tests.conftest import MakeApp, browser

FORM = {"title": "A title"}
OTHER = {"Origin": "https://other.example"}


def token(client: FlaskClient) -> str:
    """Return the token of the form on a page."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/sample/form/").text)
    assert found
    return found[1]


def send(client: FlaskClient, csrf_token: str, **options: Any) -> TestResponse:
    return client.post("/sample/form/", data=FORM | {"csrf_token": csrf_token}, **options)


def test_token_is_accepted(client: FlaskClient) -> None:
    assert send(client, token(client)).status_code in {302, 303}


def test_token_in_a_header_is_accepted(client: FlaskClient) -> None:
    headers = {"X-CSRFToken": token(client)}
    assert client.post("/sample/form/", data=FORM, headers=headers).status_code in {302, 303}


def test_form_without_token_is_refused_in_plain_words(client: FlaskClient) -> None:
    response = client.post("/sample/form/", data=FORM)
    assert response.status_code == 400
    assert "Go back, reload and send it again." in response.text


def test_json_without_token_is_refused_as_json(client: FlaskClient) -> None:
    response = client.post("/sample/form/", json=FORM)
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.get_json(force=True)["status"] == 400


def test_token_of_another_visitor_is_refused(app: Flask, client: FlaskClient) -> None:
    token(client)
    assert send(client, token(browser(app))).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://other.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost"},
        {"Origin": "https://localhost:444"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": "same-site"},
        {"Referer": "https://other.example/sample/form/"},
        {"Referer": "https://localhost.other.example/"},
        {},
    ],
)
def test_request_of_another_origin_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    csrf_token = token(client)
    client.environ_base.pop("HTTP_ORIGIN")
    client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    assert send(client, csrf_token, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Referer": "https://localhost/sample/form/"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_browser_without_origin_is_accepted(client: FlaskClient, headers: dict[str, str]) -> None:
    csrf_token = token(client)
    client.environ_base.pop("HTTP_ORIGIN")
    client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    assert send(client, csrf_token, headers=headers).status_code in {302, 303}


def test_session_and_token_survive_a_change_of_key(make_app: MakeApp, app: Flask) -> None:
    old, new = SecretStr(app.config["SECRET_KEY"]), SecretStr("new" + app.config["SECRET_KEY"])
    before = browser(app)
    csrf_token = token(before)
    cookie = before.get_cookie("__Host-session")
    assert cookie

    for fallbacks, status in (((old,), 200), ((), 400)):
        after = browser(make_app(secret_key=new, secret_key_fallbacks=fallbacks))
        after.set_cookie("__Host-session", cookie.value)
        response = after.post("/sample/form/", data={"csrf_token": csrf_token, "title": ""})
        assert response.status_code == status
