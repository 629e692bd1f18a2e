"""The API beside the pages of the site: their session, and their errors."""

import re

import pytest

from tests.api.test_problems import check
from tests.api.test_tokens import refused
from tests.api.things import THINGS


def test_errors_of_pages_are_pages(client):
    page = client.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer api_x", "Basic YTpi", "{}"])
def test_the_header_decides_alone(program, member, value):
    """A header that is not good is refused, whatever session there is."""
    member.get("/api/v1/session/")
    assert member.get(THINGS).status_code == 200
    header = {"Authorization": value.format(program.secret)}
    assert refused(member.get(THINGS, headers=header))
    assert refused(member.get("/api/v1/session/", headers=header))


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/v1/docs/"])
def test_the_schema_is_not_for_users(member, path):
    """A user of the site is no member of its staff."""
    member.get("/api/v1/session/")
    assert refused(member.get(path))


@pytest.mark.parametrize("public", [True, False])
def test_who_tries_it_by_the_session_of_the_page_has_its_token(make_app, public):
    variables = {"API_DOCS_PUBLIC": "1"} if public else {"production": False}
    page = make_app(API_LIMIT_NETWORK="0", **variables).test_client().get("/api/v1/docs/")
    assert re.search(r'"X-CSRFToken"\] = "(.+?)"', page.text)
    assert "__Host-session" in page.headers["Set-Cookie"] or not public


def test_a_page_needs_its_session_and_its_token(app, member):
    token = member.get("/api/v1/session/").json["csrf_token"]
    header = {"X-CSRFToken": token}
    assert member.get(THINGS).status_code == 200
    assert member.post(THINGS, json={"name": "x"}, headers=header).status_code == 201
    foreign = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
    for headers in ({}, {"X-CSRFToken": "x"}, header | foreign):
        response = member.post(THINGS, json={"name": "x"}, headers=headers)
        check(response, 403, "The CSRF token is missing or wrong.")
    assert len(member.get(THINGS).json["things"]) == 1


def test_a_program_needs_no_csrf_token(program):
    foreign = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
    assert program.post(THINGS, json={"name": "x"}, headers=foreign).status_code == 201


def test_a_page_learns_who_is_signed_in(client, member):
    user = getattr(member, "user", None)
    expected = user and {"id": user.id, "email": user.email}
    assert member.get("/api/v1/session/").json["user"] == expected
