"""The probes of a supervisor."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from tests.conftest import Lines, MakeApp


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probe_answers_an_address_over_plain_http(client: FlaskClient, path: str) -> None:
    response = client.get(path, base_url="http://10.0.0.9:8000")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_probe_answers_head(client: FlaskClient) -> None:
    response = client.head("/readyz")
    assert (response.status_code, response.text) == (200, "")


def test_probe_answers_nothing_else(client: FlaskClient) -> None:
    response = client.post("/livez")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.fixture(scope="module")
def without_database(make_app: MakeApp) -> Flask:
    return make_app(database_url=SecretStr("sqlite:////no/such/folder/db.sqlite3"))


def test_without_database_alive_but_not_ready(without_database: Flask, log_lines: Lines) -> None:
    client = without_database.test_client()
    assert client.get("/livez").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "unavailable\n")
    assert log_lines()[-1]["fault"] == "OperationalError"


def test_without_migrations_not_ready(
    make_app: MakeApp, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("old") / "db.sqlite3"
    app = make_app(database_url=SecretStr(f"sqlite:///{file}"))
    engine = app.extensions["sqlalchemy"].engine
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('another')")
    assert app.test_client().get("/readyz").status_code == 503
