"""Fixtures of all tests: the application as production runs it, on a database of its own."""

import io
import json
import os
import secrets
import string
import sys
from email.message import EmailMessage

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import NullPool, create_engine, make_url, text

from app import config, create_app, logs
from app.access import public
from app.config import Settings
{{ 'from app.environment import ROOT\n' if node else '' }}from app.extensions import alembic, csrf, db

pytest_plugins = ["tests.member"]

SECRET_KEY = string.ascii_letters
PRODUCTION = {
    "SECRET_KEY": SECRET_KEY,
    "ALLOWED_HOSTS": "localhost",
    "DATABASE_URL": "sqlite:////var/lib/site/db.sqlite3",
{{ '    "ADMIN_PATH": "back-office",\n' if admin else '' }}{{ '    "CLIENT_ROOT": str(ROOT / "tests" / "built"),  # stands for what is built\n' if node else '' }}}


{% include 'templates/shared/flask/conftest-database.py' %}


@pytest.fixture(scope="session")
def make_app(database_url, tmp_path_factory):
    """Build an application with production's settings, save for the variables given."""
    apps: list[Flask] = []
    media = tmp_path_factory.mktemp("files") / "media"
    usual = {**PRODUCTION, "DATABASE_URL": database_url, "MEDIA_ROOT": str(media)}

    def make(production=True, **changes):
        app = create_app(Settings.load(usual | changes, production=production))
        app.register_blueprint(sample)
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["sqlalchemy"].engine.dispose()


{% include 'templates/shared/flask/conftest-apps.py' %}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that the project is taken to stand in, and an environment without its settings."""
    (tmp_path / ".env.example").write_text("# Settings\nSECRET_KEY=\nSENTRY_DSN=\n")
    monkeypatch.setattr(config, "ENV_FILE", tmp_path / ".env")
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


{% include 'templates/shared/flask/conftest-session.py' %}


@pytest.fixture
def client(app, session):
    """The browser of a stranger; what it does is rolled back with `session`."""
    return browser(app)


@pytest.fixture
def runner(app, session):
    """Runs commands of `flask`: `runner.invoke(args=["name"])`."""
    return app.test_cli_runner()


def browser(app: Flask) -> FlaskClient:
    """Return a client that says where its requests come from, as browsers do."""
    client = app.test_client()
    client.environ_base["HTTP_ORIGIN"] = "https://localhost"
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


@pytest.fixture(autouse=True)
def mailbox(monkeypatch):
    """What the application would have mailed in this test."""
    kept: list[EmailMessage] = []
    monkeypatch.setattr("app.mail.post", lambda _settings, message: kept.append(message))
    return kept


@pytest.fixture
def log_lines(app, monkeypatch):
    """What the application has logged since the test began, parsed line by line."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        logs.configure("INFO", json=True)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.configure("INFO", json=True)


# Pages that the tests use whatever the site has.
sample = Blueprint("sample", __name__, url_prefix="/sample")


@sample.route("/form/", methods=["GET", "POST"])
@public
def form():
    return generate_csrf()


@sample.post("/hook/")
@csrf.exempt
@public
def hook():
    return "taken"


@sample.get("/data/")
@public
def data():
    return str(db.session.scalar(text("SELECT 1")))


@sample.get("/broken/<token>/")
@public
def broken(token):
    raise RuntimeError(f"hunter2 in {__file__}")


def token(client):
    """Return the token that a form of this client must hold."""
    return client.get("/sample/form/").text
