"""Fixtures of all tests: the application as production runs it."""

import io
import json
import string
import sys
from email.message import EmailMessage
{{ 'from http import HTTPStatus\n' if api else '' }}
import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from app import config, create_app, logs
from app.access import public
{% if api %}
from app.api import tokens
from app.api.problems import PHRASES
{% endif %}
from app.config import Settings
from app.extensions import csrf

SECRET_KEY = string.ascii_letters
{% if api %}
SECRET, ENTRY = tokens.make("test", "write")
READER, READER_ENTRY = tokens.make("reader", "read")
{% endif %}
PRODUCTION = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "localhost"}


@pytest.fixture(scope="session")
def make_app():
    """Build an application with production's settings, save for the variables given."""
{% if api %}
    usual = {**PRODUCTION, "API_TOKEN_SHA256": f"{ENTRY},{READER_ENTRY}"}
{% endif %}

    def make(production=True, **changes):
        app = create_app(Settings.load({{ 'usual' if api else 'PRODUCTION' }} | changes, production=production))
        app.register_blueprint(sample)
        return app

    return make


@pytest.fixture
def app(make_app):
    return make_app()


@pytest.fixture
def development(make_app):
    """The application of development."""
    return make_app(production=False)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that the project is taken to stand in, and an environment without its settings."""
    (tmp_path / ".env.example").write_text("# Settings\nSECRET_KEY=\nSENTRY_DSN=\n")
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
    """The browser of a stranger."""
    return browser(app)


{% if api %}
{% include 'templates/shared/flask/conftest-programs-of.py' %}


{% endif %}
@pytest.fixture
def runner(app):
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
    return "1"


@sample.get("/broken/<token>/")
@public
def broken(token):
    raise RuntimeError(f"hunter2 in {__file__}")


def token(client):
    """Return the token that a form of this client must hold."""
    return client.get("/sample/form/").text
{% if api %}


{% include 'templates/shared/flask/conftest-check.py' %}
{% endif %}
