"""Errors: problem details, whatever goes wrong below `/api/`."""

import io
from http import HTTPStatus

import pytest
from sqlalchemy import select

from app.api.problems import PHRASES
from tests.api.things import THINGS, Thing


def check(response, status, detail):
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    problem = response.json
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["detail"] == detail
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert problem["title"] == PHRASES.get(status, HTTPStatus(status).phrase)
    assert ("errors" in problem) is (status == 422)
    return problem


@pytest.mark.parametrize("path", ["/api/", "/api/v2/", "/api/v1/things", "/api/v1/nothing/"])
def test_unknown_address(client, path):
    check(client.get(path), 404, "There is nothing at this address.")


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_that_is_no_id(program, number):
    for method in ("GET", "DELETE"):
        response = program.open(f"{THINGS}{number}/", method=method)
        check(response, 404, "There is nothing at this address.")


def test_wrong_method(client):
    response = client.put(THINGS)
    check(response, 405, "This address does not take PUT.")
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=x"]
)
def test_wrong_type(program, kind):
    """What a form of another site can send is none of them JSON."""
    response = program.post(THINGS, data=b'{"name": "x"}', content_type=kind)
    check(response, 415, "Send application/json.")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"{'name': 'x'}", b'{"name": NaN}', b'{"name": "a", "name": "b"}'),
        *(b"\xef\xbb\xbf{}", b'{"name": "\xff"}', "{}".encode("utf-16"), b"[" * 100_000),
        b'{"name": ' + b"9" * 5_000 + b"}",
    ],
)
def test_broken_json(program, session, body):
    response = program.post(THINGS, data=body, content_type="application/json")
    check(response, 400, "The body is no valid JSON.")
    assert session.scalars(select(Thing)).all() == []


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=", "limit=x", "limit=1.0", "limit=1e1", "limit=%2B1"),
        *("limit=-1", "limit=%201", "limit=1_0", "limit=%D9%A3", "limit=1&limit=2"),
        *("offset=-1", "offset=1000000001", "offset=99999999999999999999", "q=%00"),
    ],
)
def test_numbers_of_pages_are_digits_within_bounds(program, query):
    response = program.get(f"{THINGS}?{query}")
    assert response.status_code == 422
    assert response.json["errors"][0]["pointer"] == f"?{query.partition('=')[0]}"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b'{"name": "a\\u0000"}', ["/name"]),
        (b'{"name": "a", "tags": ["", "\\ud800"]}', ["/tags/1"]),
        (b'{"name": "a", "\\u0000": ""}', [""]),
    ],
)
def test_what_nothing_can_keep_is_refused_in_every_field(program, session, body, pointers):
    response = program.post(THINGS, data=body, content_type="application/json")
    errors = check(response, 422, "The request is not valid.")["errors"]
    assert [error["pointer"] for error in errors] == pointers
    assert session.scalars(select(Thing)).all() == []


def test_too_large(app, program):
    limit = app.config["MAX_CONTENT_LENGTH"]
    body = b'{"name": "x"}' + b" " * limit
    in_chunks = {"headers": {"Transfer-Encoding": "chunked"}, "input_stream": io.BytesIO(body)}
    for sent in ({"data": body}, in_chunks | {"environ_base": {"wsgi.input_terminated": True}}):
        response = program.post(THINGS, content_type="application/json", **sent)
        check(response, 413, f"The body is larger than {limit} bytes.")


def test_foreign_host(program):
    response = program.get(THINGS, headers={"Host": "other.example"})
    check(response, 400, "The request could not be understood.")


def test_the_unexpected_tells_nothing(program, monkeypatch):
    monkeypatch.setattr("tests.api.things.own", None)
    response = program.get(THINGS)
    problem = check(response, 500, "Something went wrong.")
    assert problem.keys() == {"type", "title", "status", "detail", "request_id"}


def test_a_refusal_is_a_line_of_the_log(client, log_lines):
    client.get(THINGS, headers={"Authorization": "Bearer hunter2"})
    refused = log_lines()[0]
    assert (refused["event"], refused["status"], refused["path"]) == ("refused", 401, THINGS)
    assert "hunter2" not in str(log_lines())
