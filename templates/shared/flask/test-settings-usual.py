"""Production starts safely or not at all; development works at once."""

import os
{{ 'import re\nimport stat\n' if frontend != 'none' else '' }}import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app import config{{ ', environment' if frontend != 'none' else '' }}
from app.config import ConfigurationError, Settings
from app.environment import ROOT
from conftest import PRODUCTION{{ ', SECRET_KEY' if frontend != 'none' else '' }}


def load(**changes):
    return Settings.load(PRODUCTION | changes, production=True)


def test_everything_that_is_wrong_is_named_at_once():
{% if node %}
    given = {"DEBUG": "1", "TRUSTED_PROXY_COUNT": "two", "CLIENT_ROOT": "nowhere"}
    with pytest.raises(ConfigurationError) as refusal:
        Settings.load(given, production=True)
{% else %}
    with pytest.raises(ConfigurationError) as refusal:
        Settings.load({"DEBUG": "1", "TRUSTED_PROXY_COUNT": "two"}, production=True)
{% endif %}
    lines = refusal.value.message.splitlines()
    for name in (*PRODUCTION, "DEBUG", "TRUSTED_PROXY_COUNT"):
        assert [line for line in lines if line.startswith(f"  {name} ")]
    assert len(lines) == len(PRODUCTION) + 3


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
{% if frontend != 'none' %}
        ("SECRET_KEY", " ", "is missing"),
        ("SECRET_KEY", SECRET_KEY[:49], "has 49 characters"),
        ("SECRET_KEY", "abcdefgh" * 8, "different characters"),
        ("SECRET_KEY", "django-insecure-" + SECRET_KEY, "sample"),
        ("SECRET_KEY_FALLBACKS", f"{SECRET_KEY},old", "has 3 characters"),
{% endif %}
        ("ALLOWED_HOSTS", "*", "cannot hold '*'"),
        ("ALLOWED_HOSTS", "https://example.com", "cannot hold 'https://example.com'"),
{{ '        ("DATABASE_URL", "mysql://user:hunter2@host/name", "cannot begin with \'mysql\'"),\n' if database != 'none' else '' }}        ("EMAIL_URL", "console:", "into the log"),
        ("EMAIL_URL", "smtp://me:hunter2@mail.example.com", "in the clear"),
{{ '        ("ADMIN_PATH", "a/b", "should match pattern"),\n' if admin else '' }}{{ '        ("CLIENT_ROOT", "nowhere", "has no built ' ~ ('pages' if client else 'script') ~ '"),\n' if node else '' }}        ("DEBUG", "true", "is on"),
        ("FLASK_DEBUG", "1", "is on"),
    ],
)
def test_production_refuses(name, value, reason):
    with pytest.raises(ConfigurationError) as refusal:
        load(**{name: value})
    (_, line) = refusal.value.message.splitlines()
    assert name in line
    assert reason in line
    assert "hunter2" not in line


{% if frontend != 'none' %}
def test_env_file_is_made_once_and_private(place):
    path = place / ".env"
    environment.prepare(path)
    made = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch(r"# Settings\nSECRET_KEY=\S{64}\nSENTRY_DSN=\n", made)
    environment.prepare(path)
    assert path.read_text() == made


{% endif %}
def test_a_server_is_told_by_its_environment(server):
    assert config.settings_here().production
    assert not (server / ".env").exists()
    (server / ".env").write_text("{{ 'SECRET_KEY=mine' if frontend != 'none' else 'LOG_LEVEL=INFO' }}")
    assert not config.settings_here().production


{% include 'templates/shared/flask/test-process.py' %}
