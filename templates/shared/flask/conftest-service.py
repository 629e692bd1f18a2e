"""Fixtures of all tests: the application as production runs it."""

import io
import json
import sys
from http import HTTPStatus

import pytest
from flask import Blueprint

from app import config, create_app, logs
from app.api import tokens
from app.api.problems import PHRASES
from app.config import Settings

SECRET, ENTRY = tokens.make("test", "write")
READER, READER_ENTRY = tokens.make("reader", "read")
PRODUCTION = {"ALLOWED_HOSTS": "localhost", "API_TOKEN_SHA256": f"{ENTRY},{READER_ENTRY}"}


@pytest.fixture(scope="session")
def make_app():
    """Build an application with production's settings, save for the variables given."""

    def make(production=True, **changes):
        app = create_app(Settings.load(PRODUCTION | changes, production=production))
        app.register_blueprint(sample)
        return app

    return make


@pytest.fixture
def app(make_app):
    """The application; it has counted no requests yet."""
    return make_app()


@pytest.fixture
def development(make_app):
    """The application of development."""
    return make_app(production=False)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that the project is taken to stand in, and an environment without its settings."""
    monkeypatch.setattr(config, "ENV_FILE", tmp_path / ".env")
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


@pytest.fixture
def server(place, monkeypatch):
    """The same folder on a server, whose environment has what production needs."""
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return place


@pytest.fixture
def client(app):
    """A program without a token."""
    return app.test_client()


{% include 'templates/shared/flask/conftest-programs-of.py' %}


@pytest.fixture
def runner(app):
    """Runs commands of `flask`: `runner.invoke(args=["name"])`."""
    return app.test_cli_runner()


@pytest.fixture
def log_lines(app, monkeypatch):
    """What the application has logged since the test began, parsed line by line."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        logs.configure("INFO", json=True)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.configure("INFO", json=True)


# What the tests ask for whatever the service has.
sample = Blueprint("sample", __name__, url_prefix="/sample")


@sample.get("/broken/<token>/")
def broken(token):
    raise RuntimeError(f"hunter2 in {__file__}")


{% include 'templates/shared/flask/conftest-check.py' %}
