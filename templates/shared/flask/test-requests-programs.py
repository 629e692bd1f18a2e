"""What surrounds every response: headers, refusals, the front, its line in the log."""

import logging
from datetime import UTC, datetime

import pytest
import structlog
from flask import request, url_for

from app.config import SITE_NAME
from app.security import HEADERS
{{ 'from conftest import check' if database == 'none' else 'from tests.api.test_problems import check' }}


def test_the_front_tells_where_the_api_is(client):
    answer = client.get("/", headers={"Accept": "text/html"})
    where = {"api": "/api/v1/", "openapi": "/api/v1/openapi.json"}
    assert (answer.status_code, answer.json) == (200, {"name": SITE_NAME, **where})
    head = client.head("/")
    assert (head.status_code, head.data) == (200, b"")
    refused = client.post("/")
    check(refused, 405, "This address does not take POST.")
    assert {"GET", "HEAD"} <= set(refused.headers["Allow"].split(", "))
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere", "/api", "/.env", "/.git/config", "/pyproject.toml", "/app/config.py"),
        *("/static/", "/static/../config.py", "/static/%2e%2e/config.py", "/console", "/admin/"),
        "/{{ 'db.sqlite3' if database != 'none' else 'media/' }}",
    ],
)
def test_nothing_else_is_served(client, path):
    for accepted in ("text/html", "application/json"):
        refused = client.get(path, headers={"Accept": accepted})
        check(refused, 404, "There is nothing at this address.")


def test_broken_view_shows_nothing_of_the_inside(client):
    check(client.get("/sample/broken/x/"), 500, "Something went wrong.")


@pytest.mark.parametrize("host", ["localhost", "other.example"])
@pytest.mark.parametrize("path", ["/", "/sample/broken/x/", "/nowhere", "/api/v1/", "/livez"])
def test_every_response_has_the_headers(client, path, host):
    headers = {"Host": host, "Origin": "https://other.example"}
    response = client.get(path, headers=headers)
    for name, value in HEADERS:
        assert response.headers.getlist(name) == [value]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert not {"Access-Control-Allow-Origin", "Set-Cookie"} & set(response.headers.keys())
    policy = response.headers["Content-Security-Policy"]
    assert all(directive.endswith(" 'none'") for directive in policy.split("; "))


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


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_plain_http_is_redirected(client, method):
    response = client.open("/api/v1/x/?page=2", method=method, base_url="http://localhost")
    assert response.status_code == 308
    assert response.headers["Location"] == "https://localhost/api/v1/x/?page=2"
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("name", ["Proto", "Ssl", "Host", "Prefix"])
def test_without_a_proxy_no_header_is_believed(client, name):
    headers = {f"X-Forwarded-{name}": "https", "Forwarded": "proto=https;host=other.example"}
    response = client.get("/", base_url="http://localhost", headers=headers)
    assert response.headers["Location"] == "https://localhost/"


def test_a_proxy_that_is_counted_is_believed_from_the_right(make_app):
    app = make_app(TRUSTED_PROXY_COUNT="2")

    @app.get("/who/")
    def who():
        return f"{request.remote_addr} {url_for('front.front', _external=True)}"

    client = app.test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 203.0.113.7, 10.0.0.2"
    client.environ_base["HTTP_X_FORWARDED_HOST"] = "other.example"
    for scheme, answer in (("https", "203.0.113.7 https://localhost/"), ("http", "Redirecting")):
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-Prefix": "/other"}
        assert answer in client.get("/who/", base_url="http://localhost", headers=headers).text


@pytest.mark.parametrize("host", ["badsite.test", "site.test.evil.test", "[::2]", "a@site.test"])
def test_foreign_hosts_are_refused(make_app, host):
    client = make_app(ALLOWED_HOSTS=".site.test,[::1]").test_client()
    for address in ("https://x", "http://x"):
        refused = client.get("/", base_url=address, headers={"Host": host})
        check(refused, 400, "The request could not be understood.")


@pytest.mark.parametrize("path", ["/", "/api/v1/openapi.json", "/livez"])
def test_trace_is_refused(client, path):
    check(client.open(path, method="TRACE"), 405, "This address does not take TRACE.")


{% if database == 'none' %}
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_answer_any_host_over_plain_http(client, path):
    answer = client.get(path, base_url="http://10.0.0.7")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


{% endif %}
def test_a_request_is_one_line(client, log_lines):
    response = client.get("/?token=sesame")
    client.get("/sample/broken/sesame/")
    line, error, failed = log_lines()
    assert (line["event"], line["level"], line["address"]) == ("request", "info", "127.0.0.1")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/", 200)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC
    assert "RuntimeError" in error["exception"]
    assert failed["path"] == "/sample/broken/[redacted]/"
    assert "sesame" not in str((line, failed))


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
