"""What surrounds every response: its headers, what is refused before a view, its line in the log."""

import json
import logging
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from tests.conftest import PASSWORD, Browser
from users.models import User


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/accounts/login/", 200),
        ("/nowhere/", 404),
        ("/accounts/password/change/", 302),
        ("/static/nowhere.css", 404),
        ("/livez", 200),
    ],
)
def test_headers_are_on_every_response(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    policy = response["Content-Security-Policy"]
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert f"{directive} 'none'" in policy
    for directive in ("script-src", "style-src", "img-src", "form-action"):
        assert f"{directive} 'self'" in policy
    assert "unsafe" not in policy
    assert " * " not in policy.replace(";", " ")


def test_cookies_are_bound_to_this_host_and_https(user: User) -> None:
    client = Browser()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"username": user.email, "password": PASSWORD})
    assert set(client.cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in client.cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_plain_http_is_redirected_without_a_cookie() -> None:
    response = Client().get("/accounts/login/?next=/")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/accounts/login/?next=/"
    assert not response.cookies


def test_foreign_hosts_are_refused(client: Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"])
def test_forwarded_names_change_no_link(client: Client, name: str) -> None:
    response = client.get("/accounts/password/change/", headers={name: "evil.example"})
    assert response["Location"] == "/accounts/login/?next=/accounts/password/change/"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "POST", "PUT", "DELETE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    response = client.generic(method, "/")
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert "<h1>Method Not Allowed</h1>" in response.text


def test_large_bodies_are_refused(client: Client) -> None:
    body = b"a=" + b"x" * settings.REQUEST_BODY_LIMIT
    response = client.generic("POST", "/accounts/login/", body)
    assert response.status_code == 413


def test_cors_is_never_granted(client: Client) -> None:
    for origin in ("https://evil.example", "null"):
        response = client.options("/", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in response


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what production would write so far: each event is a line."""
    written: list[str] = []
    handler = logging.getLogger().handlers[0]
    monkeypatch.setattr(handler, "emit", lambda record: written.append(handler.format(record)))
    return lambda: [json.loads(line) for line in "\n".join(written).splitlines()]


def test_a_request_is_one_line(client: Client, events: Any) -> None:
    response = client.get("/?password=s3cret")
    (event,) = events()
    assert (event["event"], event["level"]) == ("request", "info")
    assert event["timestamp"].endswith("Z")
    assert (event["method"], event["path"], event["status"]) == ("GET", "/", 200)
    assert event["address"] == "203.0.113.7"
    assert event["request_id"] == response["X-Request-ID"]
    assert "s3cret" not in str(event)


def test_account_events_are_logged(user: User, events: Any) -> None:
    client = Browser()
    login = {"username": user.email, "password": "s3cret-guess"}
    client.post("/accounts/login/", login)
    client.post("/accounts/login/", {**login, "password": PASSWORD})
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {**login, "username": "in the wrong field"})
    assert [(e["event"], e["user"]) for e in events() if e["event"] != "request"] == [
        ("sign-in failed", user.pk),
        ("signed in", user.pk),
        ("signed out", user.pk),
        ("sign-in failed", None),
    ]
    for secret in ("wrong field", "s3cret-guess", PASSWORD):
        assert secret not in str(events())


def test_an_error_is_logged_with_its_trace(events: Any) -> None:
    password = "s3cret"
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error")
    (event,) = events()
    assert event["exception"][0]["exc_value"] == "broken"
    assert password not in str(event)


def test_nothing_typed_forges_a_line(client: Client, events: Any) -> None:
    logging.getLogger("any").warning('gone: x\r\n{"event": "signed in"}')
    client.get('/nowhere%0A{"event": "signed in"}/')
    assert len(events()) == 2


def test_query_strings_are_hidden(events: Any) -> None:
    request = RequestFactory().get("/?q=s3cret")
    log_response("Gone: %s", "/", response=HttpResponse(status=500), request=request)
    assert "s3cret" not in str(events())
    assert "Gone: /" in str(events())


def test_secrets_are_hidden(events: Any) -> None:
    structlog.get_logger("any").warning("event", api_token="s3cret", Password="s3cret")
    structlog.get_logger("any").warning("deep", data={"headers": [{"Set-Cookie": "s3cret"}]})
    logging.getLogger("any").warning("old", extra={"session_key": "s3cret", "tokens_used": 3})
    assert "s3cret" not in str(events())
    assert str(events()).count("[redacted]") == 4
    assert events()[-1]["tokens_used"] == 3
