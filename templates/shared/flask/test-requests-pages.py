"""What surrounds every response: headers, refusals, the origin of forms, its line in the log."""

import logging
from datetime import UTC, datetime

import pytest
import structlog
from flask import request, url_for

from app.access import public
from app.security import HEADERS
from conftest import SECRET_KEY, browser, token


@pytest.mark.parametrize("host", ["localhost", "other.example"])
@pytest.mark.parametrize(
    "path", ["/", "/sample/data/", "/sample/broken/x/", "/nowhere{{ '.a' if client else '' }}", "/static/site.css", "/livez"]
)
def test_every_response_has_the_headers(client, path, host):
    headers = {"Host": host, "Origin": "https://other.example"}
    response = client.get(path, headers=headers, buffered=True)
    for name, value in HEADERS:
        assert response.headers.getlist(name) == [value]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Access-Control-Allow-Origin" not in response.headers
    policy = response.headers["Content-Security-Policy"]
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert f"{directive} 'none'" in policy
    assert "unsafe" not in policy
    assert " * " not in policy.replace(";", " ")


def test_nonce_is_new_for_every_response(app, client):
    policies = [client.get("/").headers["Content-Security-Policy"] for _ in range(2)]
    assert policies[0] != policies[1]
    with app.test_request_context(environ_overrides={"app.csp_nonce": "x"}):
        assert app.jinja_env.globals["csp_nonce"]() == "x"


def test_no_cache_keeps_what_one_visitor_was_sent(client):
{% if not client %}
    assert not {"Cache-Control", "Set-Cookie"{{ '' if htmx else ', "Vary"' }}} & set(client.get("/").headers.keys())
{% endif %}
    assert client.get("/sample/form/").headers.getlist("Cache-Control") == ["no-store"]
{% if client %}
    assert client.get("/").headers["Cache-Control"] == "no-cache", "it is the same for all"
{% else %}
    assert client.get("/").headers["Cache-Control"] == "no-store"  # it may have messages
{% endif %}


@pytest.mark.parametrize(
    ("variables", "value"),
    [
        ({"HSTS_SECONDS": "3600"}, "max-age=3600; includeSubDomains"),
        ({"HSTS_PRELOAD": "1"}, "max-age=31536000; includeSubDomains; preload"),
        ({"HSTS_SECONDS": "0"}, None),
    ],
)
def test_hsts_is_what_the_settings_say(make_app, variables, value):
    response = make_app(**variables).test_client().get("/")
    assert response.headers.get("Strict-Transport-Security") == value


def test_session_cookie_is_bound_to_this_host_and_https(client):
    (cookie,) = client.get("/sample/form/").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_forged_session_is_not_believed(client):
    csrf_token = token(client)
    cookie = client.get_cookie("__Host-session")
    assert cookie
    client.set_cookie("__Host-session", "x" + cookie.value, secure=True)
    assert client.post("/sample/form/", data={"csrf_token": csrf_token}).status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_plain_http_is_redirected_without_a_cookie(client, method):
    response = client.open("/sample/form/?page=2", method=method, base_url="http://localhost")
    assert response.status_code == 308
    assert response.headers["Location"] == "https://localhost/sample/form/?page=2"
    assert not {"Set-Cookie", "Strict-Transport-Security"} & set(response.headers.keys())


@pytest.mark.parametrize("name", ["Proto", "Ssl", "Host", "Prefix"])
def test_without_a_proxy_no_header_is_believed(client, name):
    headers = {f"X-Forwarded-{name}": "https", "Forwarded": "proto=https;host=other.example"}
    response = client.get("/", base_url="http://localhost", headers=headers)
    assert response.headers["Location"] == "https://localhost/"


def test_a_proxy_that_is_counted_is_believed_from_the_right(make_app):
    app = make_app(TRUSTED_PROXY_COUNT="2")

    @app.get("/who/")
    @public
    def who():
        return f"{request.remote_addr} {url_for('pages.home', _external=True)}"

    client = app.test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 203.0.113.7, 10.0.0.2"
    client.environ_base["HTTP_X_FORWARDED_HOST"] = "other.example"
    for scheme, answer in (("https", "203.0.113.7 https://localhost/"), ("http", "Redirecting")):
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-Prefix": "/other"}
        assert answer in client.get("/who/", base_url="http://localhost", headers=headers).text


@pytest.mark.parametrize("host", ["badsite.test", "site.test.evil.test", "[::2]", "a@site.test"])
def test_foreign_hosts_are_refused_with_a_page(make_app, host):
    client = make_app(ALLOWED_HOSTS=".site.test,[::1]").test_client()
    for address in ("https://x", "http://x"):
        response = client.get("/", base_url=address, headers={"Host": host})
        assert response.status_code == 400
        assert 'rel="stylesheet"' in response.text


@pytest.mark.parametrize("path", ["/", "/sample/data/", "/livez", "/static/site.css"])
def test_trace_is_refused(client, path):
    assert client.open(path, method="TRACE").status_code == 405


def test_large_bodies_are_refused(app, client):
    limit = app.config["MAX_CONTENT_LENGTH"]
    response = client.post("/sample/form/", data=b"x" * (limit + 1), content_type="text/plain")
    assert response.status_code == 413
    form = {"csrf_token": token(client), "text": "x" * limit}
    assert client.post("/sample/form/", data=form).status_code == 413


def test_forms_need_their_token(app, client):
    csrf_token = token(client)
    assert client.post("/sample/form/", data={"csrf_token": csrf_token}).status_code == 200
    assert client.post("/sample/form/", headers={"X-CSRFToken": csrf_token}).status_code == 200
    refused = client.post("/sample/form/")
    assert refused.status_code == 400
    assert "Go back, reload and send it again." in refused.text
    foreign = {"csrf_token": token(browser(app))}
    assert client.post("/sample/form/", data=foreign).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://other.example"}, 400),
        ({"Origin": "http://localhost"}, 400),
        ({"Origin": "https://localhost", "Sec-Fetch-Site": "cross-site"}, 400),
        ({"Referer": "https://localhost.other.example/"}, 400),
        ({}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
        ({"Referer": "https://localhost/sample/form/"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_forms_come_from_this_site(app, headers, status):
    client = app.test_client()
    data = {"csrf_token": token(client)}
    assert client.post("/sample/form/", data=data, headers=headers).status_code == status
    # A webhook has neither session nor origin.
    assert app.test_client().post("/sample/hook/", headers=headers).text == "taken"


def test_session_and_token_survive_a_change_of_key(app, make_app):
    before = browser(app)
    data = {"csrf_token": token(before)}
    cookie = before.get_cookie("__Host-session")
    assert cookie
    for fallbacks, status in ((SECRET_KEY, 200), ("", 400)):
        changed = make_app(SECRET_KEY=SECRET_KEY[::-1], SECRET_KEY_FALLBACKS=fallbacks)
        after = browser(changed)
        after.set_cookie("__Host-session", cookie.value)
        assert after.post("/sample/form/", data=data).status_code == status


def test_a_request_is_one_line(client, log_lines):
    response = client.get("/sample/data/?token=sesame")
    client.get("/sample/broken/sesame/")
    line, error, failed = log_lines()
    assert (line["event"], line["level"], line["address"]) == ("request", "info", "127.0.0.1")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/sample/data/", 200)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC
    assert "RuntimeError" in error["exception"]
    assert failed["path"] == "/sample/broken/[redacted]/"
    assert "sesame" not in str((line, failed))


def test_a_refusal_has_a_line_of_its_own(client, log_lines):
    client.post("/sample/form/")
    refusal = log_lines()[0]
    assert (refusal["event"], refusal["path"]) == ("refused", "/sample/form/")
    assert refusal["reason"] == "The CSRF token is missing."


def test_no_value_forges_a_line(client, log_lines):
    client.get('/x%0A{"event": "forged"}%0D%0A')
    structlog.get_logger().info("a\r\nb", name="c\n{}")
    logging.getLogger("library").warning("d\r\ne %s", "f\ng")
    assert [line["event"] for line in log_lines()] == ["request", "a\r\nb", "d\r\ne f\ng"]


def test_secrets_are_hidden(log_lines):
    structlog.get_logger().info("a", Password="hunter2", data=[{"Set-Cookie": "hunter2"}])
    logging.getLogger("any").warning("old", extra={"session_key": "hunter2"})
    structlog.get_logger().info("count", tokens_used=3)
    assert "hunter2" not in str(log_lines())
    assert str(log_lines()).count("[redacted]") == 3
    assert log_lines()[-1]["tokens_used"] == 3


@pytest.mark.parametrize("given", ["0123456789abcdef", "short", "has space in it", "x" * 200])
def test_id_comes_from_a_trusted_proxy_only(make_app, given):
    for proxies, believed in (("0", []), ("1", ["0123456789abcdef"])):
        client = make_app(TRUSTED_PROXY_COUNT=proxies).test_client()
        response = client.get("/", headers={"X-Request-ID": given})
        assert (response.headers["X-Request-ID"] == given) is (given in believed)
