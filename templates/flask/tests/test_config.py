"""Settings: what production refuses, all at once, and what it says about it."""

import runpy
import secrets
from pathlib import Path

import pytest
from click import Command, Context
from flask import Flask
from flask.cli import ScriptInfo

from app import create_app
from app.config import (
    ENV_FILE,
    REMEDIES,
    ConfigurationError,
    DevelopmentSettings,
    ProductionSettings,
    Settings,
    production_settings,
)

GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "www.example.org, example.org",
    "DATABASE_URL": "sqlite:///db.sqlite3",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields | ProductionSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXY_COUNT", "2")
    settings = production_settings()
    assert settings.allowed_hosts == ("www.example.org", "example.org")
    assert settings.trusted_proxy_count == 2
    assert settings.hsts_seconds == 31_536_000
    assert GOOD["SECRET_KEY"] not in repr(settings)


def test_everything_missing_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("TRUSTED_PROXY_COUNT", "two")
    with pytest.raises(ConfigurationError) as refusal:
        production_settings()
    message = str(refusal.value)
    for name in (*GOOD, "DEBUG", "TRUSTED_PROXY_COUNT"):
        assert f"  {name} " in message
        assert REMEDIES[name.lower()] in message


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SECRET_KEY", "", "is missing"),
        ("SECRET_KEY", GOOD["SECRET_KEY"][:49], "has 49 characters"),
        ("SECRET_KEY", "abcdefgh" * 8, "different characters"),
        ("SECRET_KEY", "django-insecure-" + GOOD["SECRET_KEY"], "sample"),
        ("SECRET_KEY", "your_secret_key_goes_here_0123456789_0123456789_01", "sample"),
        ("SECRET_KEY_FALLBACKS", f"{GOOD['SECRET_KEY']},old", "has 3 characters"),
        ("ALLOWED_HOSTS", "*", "not a host name"),
        ("ALLOWED_HOSTS", "https://example.org", "not a host name"),
        ("ALLOWED_HOSTS", " , ", "is empty"),
        ("DATABASE_URL", "db.sqlite3", "is not a database URL"),
        ("DATABASE_URL", "mysql://user:hunter2@host/name", "names mysql"),
        ("DEBUG", "true", "is on"),
        ("FLASK_DEBUG", "1", "is on"),
        ("TRUSTED_PROXY_COUNT", "-1", "greater than or equal to 0"),
        ("LOG_LEVEL", "LOUD", "DEBUG"),
    ],
)
def test_unsafe_setting_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as refusal:
        production_settings()
    message = str(refusal.value)
    assert name in message
    assert reason in message
    assert "hunter2" not in message
    assert len(message.splitlines()) == 2


def test_postgresql_needs_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user@host/name")
    monkeypatch.setattr("app.config.find_spec", lambda _name: None)
    with pytest.raises(ConfigurationError, match="needs psycopg"):
        production_settings()


def test_wsgi_is_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/db.sqlite3")
    app: Flask = runpy.run_path("wsgi.py")["app"]
    assert app.config["SETTINGS"].production
    assert not app.debug
    app.extensions["assets_folder"].cleanup()


def test_application_of_development_is_for_the_flask_command_alone() -> None:
    with pytest.raises(ConfigurationError, match="serve wsgi:app"):
        create_app()
    with Context(Command("uvicorn")), pytest.raises(ConfigurationError, match="serve wsgi:app"):
        create_app()


def test_development_reads_env_file_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    (tmp_path / ".env.example").write_text("SECRET_KEY=\nLOG_LEVEL=ERROR\n")
    monkeypatch.setattr("app.config.ENV_FILE", file)
    monkeypatch.setitem(DevelopmentSettings.model_config, "env_file", file)
    monkeypatch.setenv("SECRET_KEY", "")
    monkeypatch.delenv("ALLOWED_HOSTS")
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with Context(Command("dev"), obj=ScriptInfo()):
        app = create_app()
        monkeypatch.setenv("LOG_LEVEL", "INFO")
        again = create_app()
    assert app.debug
    assert len(app.config["SECRET_KEY"]) == 64
    assert again.config["SECRET_KEY"] == app.config["SECRET_KEY"]
    assert app.config["SETTINGS"].log_level == "ERROR"
    assert again.config["SETTINGS"].log_level == "INFO"
    assert app.extensions["sqlalchemy"].engine.url.database == str(ENV_FILE.with_name("db.sqlite3"))
    assert app.test_client().get("/").status_code == 200


def test_production_does_not_read_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"SECRET_KEY={GOOD['SECRET_KEY']}\nALLOWED_HOSTS=other.example\n")
    monkeypatch.setattr("app.config.ENV_FILE", file)
    with Context(Command("db")), pytest.raises(ConfigurationError) as refusal:
        production_settings()  # the flask command has put SECRET_KEY into the environment
    assert "SECRET_KEY is missing" in str(refusal.value)
    assert "ALLOWED_HOSTS" not in str(refusal.value)
