"""Production starts safely or not at all, and says whether it is ready; development just works."""

import importlib
import os
import re
import stat
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.test import Client, override_settings

from config import checks, environment
from config.mail import mail_settings
from config.management.commands import dev
from config.settings import production

KEY = "q7W8e9R0" * 8
ENVIRONMENT = {
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "www.example.com,example.com",
    "DATABASE_URL": "sqlite:////var/lib/site/db.sqlite3",
    "ADMIN_PATH": "q7w8e9r0t1",
}
Start = Callable[..., ModuleType]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Load production settings as a new process with these variables would."""

    def load(**variables: str) -> ModuleType:
        monkeypatch.setattr(os, "environ", ENVIRONMENT | variables)
        for name in ("base", "production"):
            monkeypatch.delitem(sys.modules, f"config.settings.{name}", raising=False)
        return importlib.import_module("config.settings.production")

    return load


def test_production_names_what_is_missing(start: Start) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        start(**dict.fromkeys(ENVIRONMENT, " "))
    lines = str(refusal.value).splitlines()
    assert [line.split(". ")[0] for line in lines] == [f"{name} is not set" for name in ENVIRONMENT]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY has 5 characters"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY has 2 different"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "SECRET_KEY looks like a sample"),
        ("SECRET_KEY_FALLBACKS", f"{KEY},short", "SECRET_KEY_FALLBACKS has 5 characters"),
        ("DEBUG", "1", "DEBUG is `1`"),
        ("ALLOWED_HOSTS", "*", r"ALLOWED_HOSTS cannot hold `\*`"),
        ("ALLOWED_HOSTS", "https://www.example.com", "cannot hold `https://www.example.com`"),
        ("ALLOWED_HOSTS", '"www.example.com"', 'cannot hold `"www.example.com"`'),
        ("ALLOWED_HOSTS", "www.example.com:443", "cannot hold `www.example.com:443`"),
        ("ADMIN_PATH", "a/b", "ADMIN_PATH cannot be `a/b`"),
        ("HSTS_SECONDS", "-1", "HSTS_SECONDS cannot be `-1`"),
        ("DATABASE_URL", "mysql://db/site", "DATABASE_URL cannot begin with `mysql:`"),
        ("EMAIL_URL", "mail.example.com", "EMAIL_URL cannot begin with `mail.example.com:`"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL cannot be `loud`"),
    ],
)
def test_production_refuses(start: Start, name: str, value: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says):
        start(**{name: value})


def test_white_space_around_a_value_does_not_count(start: Start) -> None:
    settings = start(**{name: f" {value}\r\n" for name, value in ENVIRONMENT.items()})
    assert settings.ALLOWED_HOSTS == ["www.example.com", "example.com"]
    assert settings.SECRET_KEY == KEY
    assert settings.DATABASES["default"]["NAME"] == "/var/lib/site/db.sqlite3"


def test_what_nobody_set_follows_from_the_first_host(start: Start) -> None:
    settings = start(ALLOWED_HOSTS=".example.com,example.org")
    assert settings.SITE_URL == "https://example.com"
    assert settings.DEFAULT_FROM_EMAIL == settings.SERVER_EMAIL == "noreply@example.com"
    assert settings.MEDIA_ROOT == str(settings.BASE_DIR / "media")


def test_https_is_insisted_on_as_far_as_was_asked_for(start: Start) -> None:
    settings = start()
    assert settings.SECURE_HSTS_SECONDS == 31_536_000
    assert not settings.SECURE_HSTS_PRELOAD
    assert start(HSTS_PRELOAD="1").SECURE_HSTS_PRELOAD


def test_forwarded_https_counts_only_behind_a_proxy(start: Start) -> None:
    assert not hasattr(start(), "SECURE_PROXY_SSL_HEADER")
    behind = start(TRUSTED_PROXY_COUNT="1")
    assert behind.SECURE_PROXY_SSL_HEADER == ("HTTP_X_FORWARDED_PROTO", "https")


def test_env_file_is_made_once_and_private(tmp_path: Path) -> None:
    given = "SECRET_KEY=\nADMIN_PATH= \nSENTRY_DSN=\nDATABASE_URL= \n# SECRET_KEY=\n"
    (tmp_path / ".env.example").write_text(given)
    made = tmp_path / ".env"

    environment.make_dotenv(tmp_path)
    key, path, *rest = made.read_text().splitlines()
    assert (len(key), len(path)) == (len("SECRET_KEY=") + 64, len("ADMIN_PATH=") + 16)
    assert rest == given.splitlines()[2:]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600

    environment.make_dotenv(tmp_path)
    assert made.read_text().splitlines() == [key, path, *rest]


def test_a_server_is_told_by_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", ENVIRONMENT | {"ADMIN_PATH": ""})
    assert environment.settings_module(tmp_path) == "config.settings.production"
    monkeypatch.setattr(os, "environ", ENVIRONMENT | {"SECRET_KEY": ""})
    assert environment.settings_module(tmp_path) == "config.settings.development"
    monkeypatch.setattr(os, "environ", ENVIRONMENT)
    (tmp_path / ".env").touch()
    assert environment.settings_module(tmp_path) == "config.settings.development"


def test_the_tools_are_the_same_for_pip_and_uv() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    assert project["dependency-groups"]["dev"] == project["project"]["optional-dependencies"]["dev"]


@pytest.mark.django_db
def test_deployment_checks_find_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    # Tests keep mail to themselves, which the checks would rightly refuse.
    with override_settings(**mail_settings("smtp://localhost", 10)):
        call_command("check", deploy=True, fail_level="WARNING")
    assert "SITE_URL is not set: it is https://testserver." in capsys.readouterr().err


@pytest.mark.django_db
def test_what_was_forgotten_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_ROOT", "/proc/media")
    MigrationRecorder.Migration.objects.filter(app="users").delete()
    manifest = {"staticfiles": production.STORAGES["staticfiles"]}
    nowhere = {"STATIC_ROOT": "/nonexistent", "MEDIA_ROOT": "/proc/media"}
    with override_settings(STORAGES=manifest, **nowhere):
        faults = [message.msg for message in checks.ready()]
    assert faults[:2] == ["1 migrations are not applied.", "Static files are not collected."]
    assert faults[2:] == ["/proc/media cannot be written to."]
    assert Client().get("/readyz").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize("probe", ["/livez", "/readyz"])
def test_probes_need_no_host_and_no_https(probe: str) -> None:
    response = Client().get(probe, headers={"Host": "10.0.0.7"})
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


DOWN = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nonexistent/s3cret.sqlite3"}


@pytest.mark.django_db
def test_readyz_tells_nothing_when_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "connection", ConnectionHandler({"default": DOWN})["default"])
    response = Client().get("/readyz")
    assert (response.status_code, response.text) == (503, "unavailable\n")


@pytest.mark.django_db
@override_settings(DEBUG=True)
def test_dev_says_that_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "connection", ConnectionHandler({"default": DOWN})["default"])
    with pytest.raises(CommandError, match="does not answer: unable to open database file"):
        call_command("dev")


def test_each_protection_names_a_test_that_exists() -> None:
    named = re.findall(r"`(test_\w+\.py)::(\w+)`", Path("SECURITY.md").read_text(encoding="utf-8"))
    assert named
    for file, name in named:
        assert f"def {name}(" in Path("tests", file).read_text(encoding="utf-8")
