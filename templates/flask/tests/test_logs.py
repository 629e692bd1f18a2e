"""The log: one line an event, that names its request, cannot be forged and keeps secrets."""

import logging
from datetime import UTC, datetime

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from app.config import DevelopmentSettings
from app.logs import configure
from tests.conftest import Lines, MakeApp


def test_request_has_one_line(client: FlaskClient, log_lines: Lines) -> None:
    response = client.get("/sample/data/?token=sesame")
    (line,) = log_lines()
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/sample/data/", 200)
    assert line["address"] == "127.0.0.1"
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC
    assert "sesame" not in str(line)


def test_secret_in_a_path_is_hidden(client: FlaskClient, log_lines: Lines) -> None:
    client.get("/sample/link/sesame/")
    (line,) = log_lines()
    assert line["path"] == "/sample/link/[redacted]/"


def test_refusal_has_a_line_of_its_own(client: FlaskClient, log_lines: Lines) -> None:
    client.post("/sample/form/")
    (refusal,) = [line for line in log_lines() if line["level"] == "warning"]
    assert (refusal["event"], refusal["path"]) == ("refused", "/sample/form/")
    assert refusal["reason"] == "The CSRF token is missing."


def test_no_value_forges_a_line(client: FlaskClient, log_lines: Lines) -> None:
    client.get('/x%0A{"event": "forged"}%0D%0A')
    structlog.get_logger().info("a\r\nb", name="c\n{}")
    logging.getLogger("library").warning("d\r\ne %s", "f\ng")
    assert [line["event"] for line in log_lines()] == ["request", "a\r\nb", "d\r\ne f\ng"]


def test_secrets_are_hidden(log_lines: Lines, client: FlaskClient) -> None:
    del client
    structlog.get_logger().info(
        "event",
        password="hunter2",
        headers={"Cookie": "hunter2", "Accept": "*/*"},
        API_KEY="hunter2",
    )
    (line,) = log_lines()
    assert "hunter2" not in str(line)
    assert line["headers"] == {"Cookie": "[redacted]", "Accept": "*/*"}


@pytest.mark.parametrize("given", ["", "short", "x" * 200, "has space in it"])
def test_proxy_cannot_set_an_id_that_is_none(make_app: MakeApp, given: str) -> None:
    client = make_app(trusted_proxy_count=1).test_client()
    response = client.get("/", headers={"X-Request-ID": given})
    assert len(response.headers["X-Request-ID"]) == 32


def test_id_comes_from_a_trusted_proxy_only(app: Flask, make_app: MakeApp) -> None:
    headers = {"X-Request-ID": "0123456789abcdef"}
    behind = make_app(trusted_proxy_count=1).test_client().get("/", headers=headers)
    assert behind.headers["X-Request-ID"] == "0123456789abcdef"
    assert app.test_client().get("/", headers=headers).headers["X-Request-ID"] != "0123456789abcdef"


def test_development_has_lines_to_read(
    log_lines: Lines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del log_lines
    monkeypatch.setenv("SECRET_KEY", "x")
    configure(DevelopmentSettings.model_validate({}))
    structlog.get_logger().info("hello", answer=42)
    assert "answer=42" in capsys.readouterr().err
