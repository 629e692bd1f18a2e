"""What a project takes for its settings, and what follows where nobody set them."""

import re
from pathlib import Path

import pytest

from app import config, environment
from app.config import ConfigurationError
from app.environment import ROOT
from conftest import PRODUCTION, SECRET_KEY
from tests.test_settings import load


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ALLOWED_HOSTS", '"example.com"', "cannot hold"),
        ("ALLOWED_HOSTS", "example.com:443", "cannot hold 'example.com:443'"),
        ("ALLOWED_HOSTS", " , ", "is empty"),
        ("DATABASE_URL", "db.sqlite3", "cannot begin with 'db.sqlite3'"),
        ("DATABASE_URL", "sqlite://user:hunter2@host:port/name", "is not the URL of a database"),
        ("SITE_URL", "www.example.com", "pattern"),
        ("DEFAULT_FROM_EMAIL", "me", "pattern"),
        ("EMAIL_URL", "mail.example.com", "is not the URL of a mail server"),
        ("EMAIL_URL", "smtp://mail.example.com:none", "Port could not be cast"),
        ("EMAIL_URL", "smtp://mail.example.com?from=me@example.com", "DEFAULT_FROM_EMAIL"),
        ("TRUSTED_PROXY_COUNT", "-1", "greater than or equal to 0"),
        ("LOG_LEVEL", "LOUD", "'DEBUG'"),
    ],
)
def test_production_refuses_what_it_cannot_use(name, value, reason):
    with pytest.raises(ConfigurationError) as refusal:
        load(**{name: value})
    (_, line) = refusal.value.message.splitlines()
    assert name in line
    assert reason in line
    assert "hunter2" not in line


def test_white_space_around_a_value_does_not_count():
    settings = load(**{name: f" {value}\r\n" for name, value in PRODUCTION.items()})
    assert settings == load()
    assert SECRET_KEY not in repr(settings)


def test_what_nobody_set_follows_from_the_first_host():
    settings = load(ALLOWED_HOSTS=".Example.com,example.org")
    assert settings.site_url == "https://example.com"
    assert settings.default_from_email == "noreply@example.com"
    assert settings.media_root == ROOT / "media"
    assert load(DEFAULT_FROM_EMAIL="Us <us@shop.example>").default_from_email.endswith(".example>")
    given = load(SITE_URL="https://shop.example/", MEDIA_ROOT="/srv/media")
    assert (given.site_url, given.media_root) == ("https://shop.example", Path("/srv/media"))


def test_development_takes_the_environment_then_the_file(place, monkeypatch):
    settings = config.settings_here()
    assert not settings.production
    assert settings.site_url == "http://localhost:8000"
    monkeypatch.setenv("SECRET_KEY", "")
    monkeypatch.setenv("ALLOWED_HOSTS", "mine.test")
    with (place / ".env").open("a") as file:
        file.write("ALLOWED_HOSTS=other.test\nLOG_LEVEL=ERROR\nDATABASE_URL=sqlite:///mine\n")
    again = config.settings_here()
    assert again.secret_key == settings.secret_key
    assert (again.allowed_hosts, again.log_level) == (("mine.test",), "ERROR")
    assert again.database_url.get_secret_value() == "sqlite:///mine"


def test_an_env_file_gets_nothing_but_a_secret(place):
    (place / ".env").write_text("MINE=1\nSECRET_KEY= \n")
    environment.prepare(place / ".env")
    assert re.fullmatch(r"MINE=1\nSECRET_KEY=\S{64}\n", (place / ".env").read_text())
