"""Whatever goes wrong below `/api/` is told in one form."""

from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

from api import session
from tests.api.conftest import Program, assert_problem

SESSION = "/api/v1/session/"
TOO_LARGE = f"The body is larger than {settings.REQUEST_BODY_LIMIT} bytes."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/api/", 404, "There is nothing at this address."),
        ("GET", "/api/v1/", 404, ""),
        ("POST", "/api/v1/nowhere/", 404, ""),
        ("GET", "/api/v1/session", 404, ""),
        ("PUT", SESSION, 405, "This address does not take PUT."),
        ("TRACE", SESSION, 405, "This address does not take TRACE."),
        ("TRACE", "/api/v1/nowhere/", 404, ""),
        ("GET", "/api/v1/docs/", 401, "Sign in, or send a valid token."),
    ],
)
def test_every_error_is_a_problem(method: str, path: str, status: int, detail: str) -> None:
    response = Program().send(method, path)
    assert_problem(response, status, detail)
    assert response.get("Allow") == ("GET, HEAD, OPTIONS" if status == 405 else None)
    assert response.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_what_an_address_takes_is_told_to_all() -> None:
    response = Program().options(SESSION)
    assert (response.status_code, response.content) == (200, b"")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
def test_an_unexpected_error_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "get_token", lambda _request: 1 // 0)
    problem = assert_problem(Program().get(SESSION), 500, "Something went wrong.")
    assert problem.keys() == {"type", "title", "status", "detail", "request_id"}


def test_a_foreign_host_is_refused_with_a_problem() -> None:
    response = Program().get(SESSION, headers={"Host": "evil.example"})
    assert_problem(response, 400, "The request could not be understood.")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused_however_it_comes(chunked: bool) -> None:
    sent: dict[str, Any] = {}
    if chunked:
        sent = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    body = b"x" * (settings.REQUEST_BODY_LIMIT + 1)
    response = Program().generic("POST", "/api/v1/nowhere/", body, "application/json", **sent)
    assert_problem(response, 413, TOO_LARGE)


@pytest.mark.django_db
def test_head_is_answered_as_get_is() -> None:
    response = Program().head(SESSION)
    assert (response.status_code, response.content) == (200, b"")
    assert int(response["Content-Length"]) > 0


def test_a_body_that_breaks_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_request: HttpRequest, _size: int) -> bytes:
        raise UnreadablePostError

    monkeypatch.setattr(HttpRequest, "read", broken)
    assert_problem(Program().post(SESSION), 400)
