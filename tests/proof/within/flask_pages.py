"""Pages and commands that the template answers for, rather than a project's owner."""

import re

import pytest
from flask import abort
from structlog.testing import capture_logs

from app.access import public
from conftest import token


def test_search_engines_read_what_strangers_may(client):
    assert client.get("/robots.txt").text == "User-agent: *\nAllow: /\n"
    assert '<meta name="description" content="' in client.get("/").text


def test_development_tells_what_the_policy_blocked(client, development):
    assert client.post("/csp-report/").status_code == 404
    browser = development.test_client()
    assert "report-uri /csp-report/" in browser.get("/").headers["Content-Security-Policy"]
    report = {"effective-directive": "script-src", "blocked-uri": "https://cdn.example/a.js"}
    with capture_logs() as lines:
        for body, status in (({"csp-report": {**report, "document-uri": "/"}}, 204), ({}, 400)):
            assert browser.post("/csp-report/", json=body).status_code == status
    assert lines[0]["log_level"] == "warning"
    assert lines[0]["blocked"] == "https://cdn.example/a.js"


def test_static_files_are_hashed_and_kept_for_ever(client):
    (name,) = re.findall(r'rel="stylesheet" href="([^"]+)"', client.get("/").text)
    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", name)
    response = client.get(name, buffered=True)
    assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    plain = client.get("/static/site.css", buffered=True)
    assert (plain.data, plain.headers["Cache-Control"]) == (response.data, "no-cache")


def test_path_and_method_are_judged_before_the_token(client):
    assert client.post("/nowhere").status_code == 404
    response = client.post("/")
    assert (response.status_code, "GET" in response.headers["Allow"]) == (405, True)


@pytest.mark.parametrize(
    "host",
    ["www.site.test", "WWW.Site.Test.", "www.site.test:8443", "site.test", "[::1]", "[::1]:8443"],
)
def test_every_spelling_of_a_host_is_served(make_app, host):
    client = make_app(ALLOWED_HOSTS=".Site.test., [::1]").test_client()
    for address, status in (("https://x", 200), ("http://x", 308)):
        response = client.get("/", base_url=address, headers={"Host": host})
        assert response.status_code == status
    assert client.get("/", headers={"Host": ""}).status_code == 400


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 418, 429, 500, 503])
def test_error_is_a_page_or_a_document_for_programs(make_app, status):
    app = make_app()
    app.add_url_rule("/fail/", view_func=public(lambda: abort(status)))
    client = app.test_client()
    page = client.get("/fail/")
    assert page.status_code == status
    assert f'<p class="status" aria-hidden="true">{status}</p>' in page.text
    assert '<a class="button" href="/">' in page.text
    for headers in ({"Accept": "application/json"}, {"Content-Type": "application/json"}):
        document = client.get("/fail/", headers=headers)
        assert document.status_code == status
        assert document.content_type == "application/problem+json"
        problem = document.get_json(force=True)
        assert (problem.keys(), problem["status"]) == ({"title", "status", "detail"}, status)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://localhost:444"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_nearly_this_site_is_another(app, headers):
    client = app.test_client()
    data = {"csrf_token": token(client)}
    assert client.post("/sample/form/", data=data, headers=headers).status_code == 400
