"""The pages made in the browser: where the built page is served, how, and what it is told."""

import html
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from flask import url_for

from app import client as pages
from app import npm, vite
from conftest import PRODUCTION
{% if accounts %}
from tests.accounts.people import CHANGE, is_signed_in
{% endif %}

SCRIPT = "/static/assets/index-Cq1xYz2w.js"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("address", ["/", "/notes/", "/notes/1/edit/", "/nowhere", "/a/b/c/"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", [BROWSER, {"Accept": "*/*"}, {}])
def test_the_page_is_at_every_address_that_is_not_the_servers(client, address, method, headers):
    response = client.open(address, method=method, headers=headers)
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    assert (SCRIPT in response.text) is (method == "GET")


def test_the_page_is_the_same_for_all_and_sets_no_cookie(client, member):
    member.get("/sample/form/")
    for address in ("/", "/notes/", "/nowhere"):
        answers = [reader.get(address) for reader in (client, member)]
        assert answers[0].text == answers[1].text
        for response in answers:
            assert response.headers["Cache-Control"] == "no-cache"
            assert not {"Set-Cookie", "Vary"} & set(response.headers.keys())
    again = client.get("/", headers={"If-None-Match": answers[0].headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_keeps_the_policy(client):
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert re.search(r"script-src 'self' 'nonce-[\w-]{22}';", policy)
    assert "unsafe" not in policy
    assert not re.search(r"<style|style=|<script>|nonce|\son\w+=", response.text)


@pytest.mark.parametrize(
    "address",
    [
        *("/nowhere.txt", "/a.b/c", "/index.html", "/assets/index-Cq1xYz2w.js", "/robots.txt/a"),
        *("/%2eenv", "/a/%2e%2e/b", "/a//b", "/notes//"),
        *("/api", "/api/nowhere/", "/api/v1/"{{ ', "/accounts/nowhere/"' if accounts else '' }}),
        *("/static/nowhere", "/static/index.html", "/static/assets/", "/static/assets/nowhere.js"),
        *("/static/assets/../index.html", "/static/assets/%2e%2e/index.html"),
        *("/media", "/media/nowhere/", "/livez/nowhere", "/site.json/nowhere", "/sample/nowhere/"),
{{ '        "/back-office",\n' if admin else '' }}    ],
)
def test_the_servers_own_addresses_are_no_pages(member, address):
    response = member.get(address, headers=BROWSER)
    assert SCRIPT not in response.text
    assert response.status_code in {{ '{308, 404}' if admin else '{404}' }}


@pytest.mark.parametrize(
    "accept", ["application/json", "application/json, */*", "image/png", "text/html;q=0, */*"]
)
def test_programs_find_no_page(client, accept):
    for address in ("/", "/notes/", "/nowhere"):
        response = client.get(address, headers={"Accept": accept})
        assert response.status_code == 404
        assert response.headers["Cache-Control"] == "no-store"
    if "json" in accept:
        assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_find_no_page(client, method):
    for address in ("/nowhere", "/notes/"):
        assert client.open(address, method=method, headers=BROWSER).status_code == 404


@pytest.mark.parametrize("text", ["</title><script>alert(1)</script>", '{% raw %}{{ 1 }}{% endraw %}"/static/site.css"'])
def test_what_names_the_site_is_data(app, monkeypatch, text):
    monkeypatch.setattr(pages, "SITE_NAME", text)
    monkeypatch.setattr(pages, "SITE_DESCRIPTION", text)
    page = pages.filled(app)
    assert f"<title>{html.escape(text)}</title>" in page
    assert f'<meta name="description" content="{html.escape(text)}" />' in page
    assert page.count("<script") == 1


def test_an_unbuilt_page_says_what_to_run(make_app, tmp_path):
    """A server does not start then: `test_production_refuses` in `test_settings.py`."""
    client = make_app(production=False, CLIENT_ROOT=str(tmp_path)).test_client()
    for address in ("/", "/nowhere"):
        response = client.get(address, headers=BROWSER)
        assert (response.status_code, response.mimetype) == (503, "text/html")
        assert "python -m app.npm run build" in response.text


def test_the_page_is_read_once_and_in_development_anew(make_app, tmp_path):
    shutil.copy(f"{PRODUCTION['CLIENT_ROOT']}/index.html", tmp_path)
    apps = [make_app(production=mode, CLIENT_ROOT=str(tmp_path)) for mode in (True, False)]
    (tmp_path / "index.html").write_text("anew")
    seen = [app.test_client().get("/", base_url="https://localhost").text for app in apps]
    assert [text == "anew" for text in seen] == [False, True]


def test_built_files_keep_their_names_and_are_kept_for_good(make_app, tmp_path):
    """Other static files get their hash here, also in the page."""
    shutil.copytree(PRODUCTION["CLIENT_ROOT"], tmp_path, dirs_exist_ok=True)
    (tmp_path / "assets" / "index-Ab1.css").write_text("a { color: red }" * 99)
    compress = [sys.executable, "-m", "whitenoise.compress", str(tmp_path / "assets"), "--quiet"]
    subprocess.run(compress, check=True)
    app = make_app(CLIENT_ROOT=str(tmp_path))
    client = app.test_client()
    for name in ("index-Ab1.css", "index-Cq1xYz2w.js"):
        address = f"/static/assets/{name}"
        response = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert response.status_code == 200
        assert response.headers["Cache-Control"].endswith("public, immutable")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Encoding"] == "gzip"
    page = client.get("/").text
    assert re.search(r'href="/static/site\.\w{12}\.css"', page)
    assert re.search(r'href="/static/favicon\.\w{12}\.svg"', page)


def test_development_has_the_built_files(development):
    assert development.test_client().get(SCRIPT, buffered=True).status_code == 200


def test_a_page_has_a_name(app, client):
    with app.test_request_context():
        assert url_for("notes.index") == "/notes/"
    told = client.get("/site.json").json
    assert told["menu"]{{ '[:1]' if admin else '' }} == [{"label": "Notes", "url": "/notes/"}]


{% if accounts %}
{% include 'templates/shared/flask/test-client-accounts.py' %}
{% else %}
def test_what_the_page_is_told(client):
    response = client.get("/site.json")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    told = response.json
    assert told["title"] == pages.SITE_NAME
    assert told["description"] == pages.SITE_DESCRIPTION
    assert told["accountMenu"] == []
    assert told["signIn"] is told["signOut"] is None
{% endif %}


{% include 'templates/shared/flask/test-vite.py' %}
