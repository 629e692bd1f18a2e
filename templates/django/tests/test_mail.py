"""EMAIL_URL sends mail where it says, with the settings that the installed Django reads."""

import django
import pytest
from django.core import mail

from config.mail import mail_settings

URL = "submission://me:s3cret@mail.example.com:587"


def test_settings_for_django_before_6_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "VERSION", (5, 2, 8, "final", 0))
    settings = mail_settings(URL)
    assert settings["EMAIL_HOST"] == "mail.example.com"
    assert settings["EMAIL_USE_TLS"] is True


def test_settings_from_django_6_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "VERSION", (6, 1, 0, "final", 0))
    assert mail_settings(URL) == {
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
