"""The application of the tests: that of production, over https, on a database of its own."""

import io
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from app import create_app, logs
from app.config import ProductionSettings
from app.extensions import alembic
from tests import sample

MakeApp = Callable[..., Flask]
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that only the tests use: a new file, or a new one beside that of DATABASE_URL."""
    given = os.environ.pop("DATABASE_URL", "")
    if not given.startswith("postgresql"):
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/test.sqlite3"
        return
    url = make_url(given).set(drivername="postgresql+psycopg")
    name = f"test_{url.database}_{secrets.token_hex(4)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    test_url = url.set(drivername="postgresql", database=name)
    yield test_url.render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture(scope="session")
def make_app(database_url: str) -> Iterator[MakeApp]:
    """Build an application in production's settings, save for the changes given."""
    apps = []

    def make(**changes: Any) -> Flask:
        values = {
            "secret_key": SecretStr(secrets.token_urlsafe(48)),
            "allowed_hosts": ("localhost",),
            "database_url": SecretStr(database_url),
        }
        app = create_app(ProductionSettings.model_validate(values | changes))
        app.register_blueprint(sample.blueprint)
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["sqlalchemy"].engine.dispose()
        app.extensions["assets_folder"].cleanup()


@pytest.fixture(scope="session")
def app(make_app: MakeApp) -> Flask:
    """The application, its database brought up to date."""
    app = make_app()
    with app.app_context():
        alembic.upgrade()
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose work, and that of every request, is rolled back after the test."""
    state = app.extensions["sqlalchemy"]
    with state.engine.connect() as connection, connection.begin() as outer:
        state.sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        # No application context stays open here: requests of a test would share it, and its `g`.
        with state.sessions() as session:
            yield session
        state.sessions.configure(bind=state.engine, join_transaction_mode="conditional_savepoint")
        outer.rollback()


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser on a page of the site, whose requests work with `session`."""
    assert session.bind is not app.extensions["sqlalchemy"].engine
    return browser(app)


def browser(app: Flask) -> FlaskClient:
    """Return a client that says where its requests come from, as browsers do."""
    client = app.test_client()
    client.environ_base["HTTP_ORIGIN"] = "https://localhost"
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


@pytest.fixture
def log_lines(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What the application has logged since the test began, parsed line by line."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        logs.configure(app.config["SETTINGS"])
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.configure(app.config["SETTINGS"])
