"""Production starts safely or not at all; development works at once."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import django
import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError

from config import environment
from config.mail import mail_settings
from tests.conftest import ENVIRONMENT

Start = Callable[..., ModuleType]
MAIL = "submission://me:s3cret@mail.example.com:587"


def test_production_starts_with_the_required_variables(start: Start) -> None:
    settings = start()
    assert settings.DEBUG is False
    assert settings.ALLOWED_HOSTS == ["www.example.com", "example.com"]
    assert settings.SECURE_HSTS_SECONDS == 31_536_000
    assert settings.TRUSTED_PROXY_COUNT == 0


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_names_what_is_missing(start: Start, name: str, value: str | None) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is not set. Set it to "):
        start(**{name: value})


def test_production_names_all_that_is_missing(start: Start) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"(?s)SECRET_KEY.*ALLOWED_HOSTS"):
        start(SECRET_KEY=None, ALLOWED_HOSTS=None)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY has 5 characters"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY repeats a few characters"),
        ("SECRET_KEY", "django-insecure-" + ENVIRONMENT["SECRET_KEY"], "is a sample value"),
        ("SECRET_KEY_FALLBACKS", "short", "SECRET_KEY_FALLBACKS has 5 characters"),
        ("DEBUG", "1", "DEBUG is `1`"),
        ("ALLOWED_HOSTS", "*", r"ALLOWED_HOSTS cannot be `\*`"),
        ("ADMIN_PATH", "a/b", "ADMIN_PATH cannot be `a/b`"),
        ("DATABASE_URL", "mysql://db/site", "DATABASE_URL cannot begin with `mysql:`"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL cannot be `loud`. Set it to one of DEBUG"),
        ("EMAIL_URL", "mail.example.com", "EMAIL_URL cannot begin with `mail.example.com:`"),
        ("DATABASE_URL", "site.db", "DATABASE_URL cannot begin with `site.db:`"),
    ],
)
def test_production_refuses(start: Start, name: str, value: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says):
        start(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRUSTED_PROXY_COUNT", "one"), ("HSTS_SECONDS", "year")],
)
def test_production_names_a_value_that_is_none(start: Start, name: str, value: str) -> None:
    with pytest.raises(EnvValidationError, match=f'"{name}" invalid'):
        start(**{name: value})


def test_lists_may_have_spaces(start: Start) -> None:
    settings = start(ALLOWED_HOSTS="www.example.com, example.com")
    assert settings.ALLOWED_HOSTS == ["www.example.com", "example.com"]


def test_forwarded_https_counts_only_behind_a_proxy(start: Start) -> None:
    assert not hasattr(start(), "SECURE_PROXY_SSL_HEADER")
    behind = start(TRUSTED_PROXY_COUNT="1")
    assert behind.SECURE_PROXY_SSL_HEADER == ("HTTP_X_FORWARDED_PROTO", "https")


def test_development_needs_nothing(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(environment, "load_dotenv", asked.append)
    settings = start("development", ALLOWED_HOSTS=None, DATABASE_URL=None)
    assert settings.DEBUG
    assert asked == [settings.BASE_DIR]
    assert settings.DATABASES["default"]["NAME"] == str(settings.BASE_DIR / "db.sqlite3")


def test_env_file_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env.example").write_text("SECRET_KEY=\nADMIN_PATH=\n# LOG_LEVEL=INFO\n")
    made = tmp_path / ".env"
    monkeypatch.setattr(os, "environ", {"ADMIN_PATH": "mine"})

    environment.load_dotenv(tmp_path)
    text = made.read_text()
    environment.load_dotenv(tmp_path)

    assert made.read_text() == text
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert len(os.environ["SECRET_KEY"]) == 64
    assert os.environ["ADMIN_PATH"] == "mine", "what is set wins"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env", ".env.example"]


def test_empty_values_of_a_copied_env_file_are_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    copied = tmp_path / ".env"
    copied.write_text("SECRET_KEY=\nADMIN_PATH= \nLOG_LEVEL=DEBUG\n# EMAIL_URL=\n")

    environment.load_dotenv(tmp_path)

    secret, path, *rest = copied.read_text().splitlines()
    assert len(secret) == len("SECRET_KEY=") + 64
    assert path.removeprefix("ADMIN_PATH=").isalnum()
    assert rest == ["LOG_LEVEL=DEBUG", "# EMAIL_URL="]
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600


def test_two_projects_have_different_secrets() -> None:
    text = "SECRET_KEY=\n"
    assert environment.fill_in_secrets(text) != environment.fill_in_secrets(text)


def test_settings_for_django_before_6_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "VERSION", (5, 2, 8, "final", 0))
    settings = mail_settings(MAIL)
    assert settings["EMAIL_HOST"] == "mail.example.com"
    assert settings["EMAIL_USE_TLS"] is True


def test_settings_from_django_6_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "VERSION", (6, 1, 0, "final", 0))
    assert mail_settings(MAIL) == {
        "MAILERS": {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {
                    "host": "mail.example.com",
                    "port": 587,
                    "username": "me",
                    "password": "s3cret",
                    "use_tls": True,
                    "use_ssl": False,
                    "timeout": None,
                },
            }
        }
    }
    assert "OPTIONS" not in mail_settings("console:")["MAILERS"]["default"]


def test_mail_is_sent() -> None:
    mail.send_mail("Hello", "There.", "site@example.com", ["ada@example.com"])
    assert [message.subject for message in mail.outbox] == ["Hello"]
