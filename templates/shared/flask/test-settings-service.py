"""Production starts safely or not at all; development works at once."""

import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app import config
from app.config import ConfigurationError, Settings
from app.environment import ROOT
from conftest import PRODUCTION


def test_everything_that_is_wrong_is_named_at_once():
    with pytest.raises(ConfigurationError) as refusal:
        Settings.load({"DEBUG": "1", "TRUSTED_PROXY_COUNT": "two"}, production=True)
    lines = refusal.value.message.splitlines()
    for name in (*PRODUCTION, "DEBUG", "TRUSTED_PROXY_COUNT"):
        assert [line for line in lines if line.startswith(f"  {name} ")]
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ALLOWED_HOSTS", "*", "cannot hold '*'"),
        ("ALLOWED_HOSTS", "https://example.com", "cannot hold 'https://example.com'"),
        ("ALLOWED_HOSTS", ",", "is empty"),
        ("API_TOKEN_SHA256", " ", "is missing"),
        ("DEBUG", "true", "is on"),
        ("FLASK_DEBUG", "1", "is on"),
    ],
)
def test_production_refuses(name, value, reason):
    with pytest.raises(ConfigurationError) as refusal:
        Settings.load(PRODUCTION | {name: value}, production=True)
    (_, line) = refusal.value.message.splitlines()
    assert name in line
    assert reason in line


def test_a_server_is_told_by_its_environment(server):
    assert config.settings_here().production
    (server / ".env").write_text("LOG_LEVEL=INFO")
    assert not config.settings_here().production


{% include 'templates/shared/flask/test-process.py' %}


{% include 'templates/shared/flask/test-dev.py' %}


def test_the_deployment_check_sees_what_was_forgotten(make_app):
    assert make_app().test_cli_runner().invoke(args=["check", "--deploy"]).exit_code == 0
    runner = make_app(HSTS_SECONDS="0").test_cli_runner()
    result = runner.invoke(args=["check", "--deploy"])
    assert (result.exit_code, "Clients do not insist on https." in result.output) == (1, True)
    assert runner.invoke(args=["check", "--deploy", "--fail-level", "error"]).exit_code == 0


{% include 'templates/shared/flask/test-gunicorn.py' %}
