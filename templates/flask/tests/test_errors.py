"""Error pages: readable, for people and for programs, and silent about the inside."""

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient

from tests.conftest import Lines, MakeApp


@pytest.fixture(scope="module")
def failing(make_app: MakeApp) -> Flask:
    """An application whose views fail in every way."""
    app = make_app()

    @app.get("/fail/<int:status>")
    def fail(status: int) -> str:
        abort(status)

    @app.get("/wait")
    def wait() -> str:
        abort(429, response=Response("wait", 429, {"Retry-After": "60"}))

    @app.get("/break")
    def break_() -> str:
        secret = "hunter2"
        raise RuntimeError(f"{secret} in {__file__}")

    return app


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 418, 429, 500, 503])
def test_error_is_a_page(failing: Flask, status: int) -> None:
    response = failing.test_client().get(f"/fail/{status}")
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    assert f'<p class="status" aria-hidden="true">{status}</p>' in response.text
    assert '<a class="button" href="/">' in response.text


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_error_is_a_document_for_programs(failing: Flask, accept: str) -> None:
    response = failing.test_client().get("/fail/404", headers={"Accept": accept})
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.get_json(force=True)["title"] == "Not Found"


def test_broken_view_shows_nothing_of_the_inside(failing: Flask, log_lines: Lines) -> None:
    response = failing.test_client().get("/break")
    assert response.status_code == 500
    assert "hunter2" not in response.text
    assert "Traceback" not in response.text
    assert __file__ not in response.text
    (error,) = [line for line in log_lines() if line["level"] == "error"]
    assert "RuntimeError" in error["exception"]
    assert error["request_id"] == response.headers["X-Request-ID"]


def test_response_that_a_view_made_stays(failing: Flask) -> None:
    response = failing.test_client().get("/wait")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert response.text == "wait"


def test_method_not_allowed_names_the_methods(client: FlaskClient) -> None:
    response = client.post("/")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_path_comes_back_escaped(client: FlaskClient) -> None:
    response = client.get("/<script>alert(1)</script>")
    assert response.status_code == 404
    assert "<script" not in response.text
