"""Headers, cookies, https, proxies, hosts and sizes, as a browser or an attacker sees them."""

import re

import pytest
from flask import Flask, request, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.security import csp_nonce
from tests.conftest import MakeApp, browser
from tests.test_csrf import token

EVERYWHERE = ["/", "/sample/data/", "/sample/form/", "/no-such-page", "/livez", "/readyz"]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


def static_path(app: Flask, name: str = "site.css") -> str:
    return f"/static/{app.extensions['assets'][name]}"


def assert_protected(response: TestResponse) -> None:
    for name, value in HEADERS.items():
        assert response.headers.getlist(name) == [value]
    assert "camera=()" in response.headers["Permissions-Policy"]
    policy = response.headers["Content-Security-Policy"]
    for directive in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_response_has_the_headers(client: FlaskClient, path: str) -> None:
    assert_protected(client.get(path, headers={"Origin": "https://other.example"}))


def test_static_files_have_the_headers(app: Flask, client: FlaskClient) -> None:
    for path in (static_path(app), "/static/site.css"):
        response = client.get(path)
        assert response.status_code == 200
        assert_protected(response)
        response.close()


def test_refusals_have_the_headers(client: FlaskClient) -> None:
    assert_protected(client.post("/"))
    assert_protected(client.post("/sample/form/"))
    assert_protected(client.get("/", base_url="https://other.example"))


def test_no_cache_keeps_what_one_visitor_was_sent(client: FlaskClient) -> None:
    assert "Cache-Control" not in client.get("/").headers
    with_a_token = client.get("/sample/form/")
    assert "Set-Cookie" in with_a_token.headers
    assert with_a_token.headers.getlist("Cache-Control") == ["no-store"]
    with_messages = client.get("/")
    assert with_messages.headers["Cache-Control"] == "no-store"


def test_a_view_may_set_a_header_itself(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/own", "own", lambda: ("", {"X-Frame-Options": "SAMEORIGIN"}))
    assert app.test_client().get("/own").headers.getlist("X-Frame-Options") == ["SAMEORIGIN"]


def test_nonce_is_new_for_every_response_and_known_to_templates(make_app: MakeApp) -> None:
    app = make_app()
    assert app.jinja_env.globals["csp_nonce"] is csp_nonce
    app.add_url_rule("/nonce", "nonce", csp_nonce)
    client = app.test_client()
    responses = [client.get("/nonce") for _ in range(2)]
    assert responses[0].text != responses[1].text
    for response in responses:
        assert len(response.text) >= 22  # 128 bits
        assert f"'nonce-{response.text}'" in response.headers["Content-Security-Policy"]


def test_hsts_lasts_as_long_as_the_setting_says(make_app: MakeApp) -> None:
    header = "Strict-Transport-Security"
    short = make_app(hsts_seconds=3600).test_client().get("/")
    assert short.headers[header] == "max-age=3600; includeSubDomains"
    assert header not in make_app(hsts_seconds=0).test_client().get("/").headers


def test_session_cookie(client: FlaskClient) -> None:
    (cookie,) = client.get("/sample/form/").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_forged_session_is_not_believed(client: FlaskClient) -> None:
    csrf_token = token(client)
    cookie = client.get_cookie("__Host-session")
    assert cookie
    client.set_cookie("__Host-session", cookie.value[:-2] + "xx", secure=True)
    response = client.post("/sample/form/", data={"csrf_token": csrf_token, "title": "A"})
    assert response.status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_plain_http_is_redirected(client: FlaskClient, method: str) -> None:
    response = client.open("/sample/data/?page=2", method=method, base_url="http://localhost")
    assert response.status_code == 308
    assert response.headers["Location"] == "https://localhost/sample/data/?page=2"
    assert "Set-Cookie" not in response.headers
    assert "Strict-Transport-Security" not in response.headers


def test_plain_http_of_a_foreign_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://other.example").status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Ssl": "on"},
        {"X-Forwarded-Host": "other.example"},
        {"Forwarded": "proto=https;host=other.example"},
    ],
)
def test_without_a_proxy_no_header_is_believed(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    response = client.get("/", base_url="http://localhost", headers=headers)
    assert response.status_code == 308
    assert response.headers["Location"] == "https://localhost/"


def test_a_proxy_that_is_counted_is_believed(make_app: MakeApp) -> None:
    app = make_app(trusted_proxy_count=2)
    app.add_url_rule("/who", "who", lambda: f"{request_address()} {request_url()}")
    headers = {
        "X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.0.0.2",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "other.example",
        "X-Forwarded-Prefix": "/other",
        "X-Original-Url": "/other",
    }
    response = app.test_client().get("/who", base_url="http://localhost", headers=headers)
    assert response.text == "203.0.113.7 https://localhost/"
    plain = headers | {"X-Forwarded-Proto": "http"}
    response = app.test_client().get("/who", base_url="http://localhost", headers=plain)
    assert response.status_code == 308


def request_address() -> str | None:
    return request.remote_addr


def request_url() -> str:
    return url_for("pages.home", _external=True)


@pytest.mark.parametrize("host", ["other.example", "localhost.other.example", "x@localhost", ""])
def test_foreign_host_is_a_bad_request(client: FlaskClient, host: str) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "Bad Request" in response.text
    assert "<link" in response.text


def test_subdomains_where_the_setting_says_so(make_app: MakeApp) -> None:
    client = make_app(allowed_hosts=(".example.org",)).test_client()
    assert client.get("/", base_url="https://www.example.org").status_code == 200
    assert client.get("/", base_url="https://example.org").status_code == 200
    assert client.get("/", base_url="https://badexample.org").status_code == 400


@pytest.mark.parametrize("path", ["/", "/sample/data/", "/livez", "/static/site.css"])
def test_trace_is_refused(client: FlaskClient, path: str) -> None:
    assert client.open(path, method="TRACE").status_code == 405


def test_large_bodies_are_refused(app: Flask, client: FlaskClient) -> None:
    limit = app.config["MAX_CONTENT_LENGTH"]
    response = client.post("/sample/form/", data=b"x" * (limit + 1), content_type="text/plain")
    assert response.status_code == 413
    form = {"csrf_token": token(client), "title": "A", "text": "x" * limit}
    assert client.post("/sample/form/", data=form).status_code == 413
    assert client.post("/sample/form/", data={f"f{n}": "" for n in range(500)}).status_code in {
        400,
        413,
    }


@pytest.mark.parametrize(
    "path",
    [
        *("/.env", "/.git/config", "/pyproject.toml", "/db.sqlite3", "/wsgi.py", "/app/config.py"),
        *("/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2fconfig.py"),
        *("/static/", "/console", "/__debugger__", "/metrics", "/docs", "/admin/"),
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_templates_escape_everything(app: Flask) -> None:
    sources = [
        app.jinja_env.loader.get_source(app.jinja_env, name)[0]
        for name in app.jinja_env.list_templates()
        if app.jinja_env.loader
    ]
    assert sources
    assert all(name.endswith(".html") for name in app.jinja_env.list_templates())
    assert not [source for source in sources if re.search(r"\|\s*safe|autoescape", source)]


def test_two_processes_share_what_they_sign(make_app: MakeApp, app: Flask) -> None:
    first = browser(app)
    csrf_token = token(first)
    cookie = first.get_cookie("__Host-session")
    assert cookie
    second = browser(make_app(secret_key=app.config["SETTINGS"].secret_key))
    second.set_cookie("__Host-session", cookie.value, secure=True)
    response = second.post("/sample/form/", data={"csrf_token": csrf_token, "title": ""})
    assert response.status_code == 200
