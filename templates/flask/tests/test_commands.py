"""The commands of the project: `flask dev` and `flask check`."""

import os
import runpy
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from app import create_app
from app.checks import DOCUMENT_HEADERS
from app.config import DevelopmentSettings
from tests.conftest import MakeApp


@pytest.fixture
def development(tmp_path: Path) -> Iterator[Flask]:
    values = {
        "secret_key": SecretStr(secrets.token_urlsafe(48)),
        "database_url": SecretStr(f"sqlite:///{tmp_path}/db.sqlite3"),
    }
    app = create_app(DevelopmentSettings.model_validate(values))
    yield app
    app.extensions["sqlalchemy"].engine.dispose()


def test_dev_upgrades_the_database_and_serves(
    development: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: dict[str, Any] = {}

    def serve(host: str, port: int, *_args: Any, **options: Any) -> None:
        served.update(options, host=host, port=port)

    monkeypatch.setattr("flask.cli.run_simple", serve)
    result = development.test_cli_runner().invoke(args=["dev"])
    assert result.exit_code == 0
    assert (served["host"], served["port"]) == ("127.0.0.1", 8000)
    assert served["use_reloader"]
    client = development.test_client()
    assert client.get("/readyz").status_code == 200

    monkeypatch.setenv("WERKZEUG_RUN_MAIN", "true")  # the process that the reloader starts
    development.test_cli_runner().invoke(args=["dev", "--host", "::1", "--port", "9000"])
    assert (served["host"], served["port"]) == ("::1", 9000)


def test_dev_refuses_the_application_of_production(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["dev"])
    assert result.exit_code == 2
    assert "flask --app app dev" in result.output


def test_check_finds_nothing_in_production(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["check", "--deploy"])
    assert (result.exit_code, result.output) == (0, "0 problems found.\n")


def test_check_lists_what_development_lacks(development: Flask) -> None:
    result = development.test_cli_runner().invoke(args=["check", "--deploy"])
    assert result.exit_code == 1
    for text in ("Debug", "__Host-session", "Secure", "Plain http"):
        assert text in result.output
    assert development.test_cli_runner().invoke(args=["check"]).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"TESTING": True}, "Debug"),
        ({"TRUSTED_HOSTS": None}, "Any Host header"),
        ({"TRUSTED_HOSTS": ["*"]}, "Any Host header"),
        ({"WTF_CSRF_METHODS": set()}, "takes foreign forms"),
        ({"MAX_CONTENT_LENGTH": None}, "any size"),
        ({"SECRET_KEY": "dev"}, "has 3 characters"),
        ({"SECRET_KEY_FALLBACKS": ["x" * 64]}, "different characters"),
        ({"SESSION_COOKIE_NAME": "session"}, "subdomain"),
        ({"SESSION_COOKIE_HTTPONLY": False}, "can be read"),
        ({"SESSION_COOKIE_SECURE": False}, "can be read"),
        ({"SESSION_COOKIE_SAMESITE": None}, "Other sites"),
    ],
)
def test_check_finds_what_was_loosened(
    make_app: MakeApp, changes: dict[str, Any], text: str
) -> None:
    app = make_app()
    app.config.update(changes)
    result = app.test_cli_runner().invoke(args=["check", "--deploy"])
    assert result.exit_code == 1
    assert f"error: {text}" in result.output or text in result.output


def test_check_finds_what_answers_lack(make_app: MakeApp) -> None:
    app = make_app()
    app.wsgi_app = app.wsgi_app.wsgi_app.wsgi_app  # type: ignore[attr-defined, method-assign]
    app.config["TRUSTED_HOSTS"] = None
    output = app.test_cli_runner().invoke(args=["check", "--deploy"]).output
    for text in (*DOCUMENT_HEADERS, "Plain http is answered", "A foreign host is answered"):
        assert text in output


def test_short_hsts_is_a_warning(make_app: MakeApp) -> None:
    runner = make_app(hsts_seconds=3600).test_cli_runner()
    assert runner.invoke(args=["check", "--deploy"]).exit_code == 1
    assert runner.invoke(args=["check", "--deploy", "--fail-level", "error"]).exit_code == 0


def test_check_finds_a_broken_template(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "broken.html").write_text("\x7b% if %\x7d")
    app = make_app()
    app.template_folder = str(tmp_path)
    app.jinja_env.cache = None
    result = app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 1
    assert "broken.html does not compile" in result.output


def test_server_does_not_start_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    server = runpy.run_path("gunicorn.conf.py")
    with pytest.raises(SystemExit) as refusal:
        server["on_starting"](None)
    assert refusal.value.code
    assert os.environ.get("FLASK_SKIP_DOTENV") is None
