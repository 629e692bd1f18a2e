"""One line of JSON for each event, which nobody can forge and which holds no secret."""

import json
import logging
from typing import Any

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from config.logs import logging_settings
from tests.conftest import PASSWORD, browser
from users.models import User


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what production would write."""
    written: list[str] = []
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    monkeypatch.setattr(handler, "emit", lambda record: written.append(handler.format(record)))
    return written


@pytest.fixture
def events(lines: list[str]) -> Any:
    """Return the lines as objects, each of which must be one."""
    return lambda: [json.loads(line) for line in lines]


def test_a_request_is_one_line(client: Client, events: Any) -> None:
    response = client.get("/?password=s3cret")
    (event,) = events()
    assert event["event"] == "request"
    assert event["level"] == "info"
    assert event["timestamp"].endswith("Z")
    assert (event["method"], event["path"], event["status"]) == ("GET", "/", 200)
    assert event["address"] == "203.0.113.7"
    assert event["request_id"] == response["X-Request-ID"]
    assert "s3cret" not in str(event)


def test_the_id_of_the_proxy_is_kept_if_it_is_one(client: Client) -> None:
    given = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    assert client.get("/", headers={"X-Request-ID": given})["X-Request-ID"] == given
    assert client.get("/", headers={"X-Request-ID": "no id"})["X-Request-ID"] != "no id"


def test_account_events_are_logged(user: User, events: Any) -> None:
    client = browser()
    login = {"username": user.email, "password": "s3cret-guess"}
    client.post("/accounts/login/", login)
    client.post("/accounts/login/", {**login, "password": PASSWORD})
    client.post("/accounts/logout/")
    seen = [(e["event"], e.get("user", e.get("account"))) for e in events()]
    assert ("sign-in failed", user.email) in seen
    assert ("signed in", user.pk) in seen
    assert ("signed out", user.pk) in seen
    assert "s3cret-guess" not in str(events())
    assert PASSWORD not in str(events())


def test_a_refused_request_is_logged(client: Client, events: Any) -> None:
    client.get("/nowhere/")
    assert [event["status"] for event in events()] == [404]


def test_an_error_is_logged_with_its_trace(events: Any) -> None:
    password = "s3cret"
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error")
    (event,) = events()
    assert event["exception"][0]["exc_value"] == "broken"
    assert password not in str(event)


@pytest.mark.django_db
def test_no_name_forges_a_line(lines: list[str]) -> None:
    forged = 'x@example.com\r\n{"event": "signed in"}'
    browser().post("/accounts/login/", {"username": forged, "password": "wrong"})
    assert not any("\n" in line or "\r" in line for line in lines)


def test_query_strings_are_hidden(events: Any) -> None:
    request = RequestFactory().get("/?q=s3cret")
    log_response("Gone: %s", "/", response=HttpResponse(status=500), request=request)
    assert "s3cret" not in str(events())
    assert "Gone: /" in str(events())


def test_secrets_are_hidden(events: Any) -> None:
    structlog.get_logger("any").warning("event", api_token="s3cret", Password="s3cret")
    logging.getLogger("any").warning("old", extra={"session_key": "s3cret"})
    assert "s3cret" not in str(events())
    assert "[redacted]" in str(events())


def test_development_prints_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    settings = logging_settings("INFO", json=False)
    formatter = settings["formatters"]["structured"]
    make = formatter.pop("()")
    record = logging.LogRecord("a", logging.INFO, "", 1, "two\nlines", None, None)
    text = make(**formatter).format(record)
    assert "two\\nlines" in text
    assert "{" not in text
