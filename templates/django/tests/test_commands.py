"""The commands that README.md names."""

import os
import runpy
import sys
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from config.mail import mail_settings
from config.management.commands import dev


def test_deployment_checks_find_nothing() -> None:
    # Tests keep mail to themselves, which the checks would rightly refuse.
    with override_settings(**mail_settings("smtp://localhost")):
        call_command("check", deploy=True, fail_level="WARNING")


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_dev_refuses_production_settings() -> None:
    with pytest.raises(CommandError, match=r"^`dev` cannot run"):
        call_command("dev")


@pytest.mark.parametrize(("where", "host"), [("8001", "127.0.0.1:8001"), ("[::1]:80", "[::1]:80")])
def test_dev_migrates_and_serves(
    settings: Any, monkeypatch: pytest.MonkeyPatch, where: str, host: str
) -> None:
    calls: list[str] = []
    monkeypatch.delenv(DJANGO_AUTORELOAD_ENV, raising=False)
    monkeypatch.setattr(dev, "call_command", lambda name, *_args, **_options: calls.append(name))
    settings.DEBUG = True
    output = StringIO()
    call_command("dev", where, stdout=output)
    assert calls == ["migrate", "runserver"]
    assert f"http://{host}/{settings.ADMIN_PATH}/" in output.getvalue()
    assert "createsuperuser" in output.getvalue()

    monkeypatch.setenv(DJANGO_AUTORELOAD_ENV, "true")
    call_command("dev", where, stdout=output)
    assert calls == ["migrate", "runserver", "runserver"]


def test_manage_runs_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    monkeypatch.setattr(sys, "argv", ["manage.py", "version"])
    runpy.run_path("manage.py", run_name="__main__")
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.development"


def test_a_server_runs_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    entry = runpy.run_module("config.wsgi")
    assert callable(entry["application"])
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.production"
