"""Headers and cookies of every response, and what is refused before a view sees it."""

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import PASSWORD, browser
from users.models import User

ADDRESSES = [
    ("/", 200),
    ("/accounts/login/", 200),
    ("/nowhere/", 404),
    ("/accounts/password/change/", 302),
    ("/static/nowhere.css", 404),
    ("/livez", 200),
]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_headers_are_on_every_response(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in response
    assert "charset=utf-8" in response["Content-Type"]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_content_security_policy(client: Client, address: str, status: int) -> None:
    policy = client.get(address)["Content-Security-Policy"].split("; ")
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert directive in policy
    assert "unsafe" not in "".join(policy)
    assert "*" not in "".join(policy)


@pytest.mark.django_db
def test_cookies_are_bound_to_this_host_and_https(user: User) -> None:
    client = browser()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"username": user.email, "password": PASSWORD})
    new = "a much better phrase"
    client.post(
        "/accounts/password/change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert set(client.cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in client.cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_plain_http_is_redirected_without_a_cookie() -> None:
    response = Client().get("/accounts/login/?next=/")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/accounts/login/?next=/"
    assert not response.cookies


def test_foreign_hosts_are_refused(client: Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"])
def test_forwarded_names_change_no_link(client: Client, name: str) -> None:
    response = client.get("/accounts/password/change/", headers={name: "evil.example"})
    assert response["Location"] == "/accounts/login/?next=/accounts/password/change/"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "PROPFIND"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    response = client.generic(method, "/")
    assert response.status_code == 405
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_answer_to_reading_alone(client: Client, method: str) -> None:
    response = client.generic(method, "/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "<h1>Method Not Allowed</h1>" in response.text


def test_large_bodies_are_refused(client: Client) -> None:
    body = b"a=" + b"x" * settings.REQUEST_BODY_LIMIT
    response = client.post(
        "/accounts/login/", body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413


def test_cors_is_never_granted(client: Client) -> None:
    for origin in ("https://evil.example", "null"):
        response = client.options("/", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in response
