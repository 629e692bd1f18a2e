"""The root, and that whatever goes wrong outside of the admin is told as the API tells it."""

from http import HTTPStatus

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config import urls
from config.urls import handler400
from tests.api.conftest import assert_problem
from tests.conftest import Browser

__all__ = ["handler400"]
ADMIN = f"/{settings.ADMIN_PATH}/"


def bad(_request: HttpRequest) -> HttpResponse:
    raise BadRequest


def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("s3cret detail")


urlpatterns = [
    path("bad/", bad),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path(f"{settings.ADMIN_PATH}/broken/", broken),
    *urls.urlpatterns,
]


def test_the_root_tells_where_the_api_is(client: Client) -> None:
    response = client.get("/")
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response.json() == {
        "name": settings.SITE_NAME,
        "api": "/api/v1/",
        "openapi": "/api/v1/openapi.json",
    }
    head = client.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert client.get("/", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_robots_have_nothing_to_look_for(client: Client) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/bad/", 400),
        ("get", "/forbidden/", 403),
        ("post", "/nowhere/", 404),
        ("get", "/static/nowhere.css", 404),
        ("put", "/", 405),
        ("trace", "/", 405),
        ("get", "/broken/", 500),
    ],
)
def test_errors_are_problems_whatever_is_asked_for(
    member: Client, method: str, address: str, status: int, accept: str
) -> None:
    member.raise_request_exception = False
    response = getattr(member, method)(address, headers={"Accept": accept})
    problem = assert_problem(response, status)
    assert problem["title"] == HTTPStatus(status).phrase
    assert ("Allow" in response) is (status == 405)
    assert "s3cret" not in response.text


def test_path_and_method_are_judged_before_the_token() -> None:
    client = Browser(checks_csrf=True)
    assert_problem(client.post("/"), 405, "This address does not take POST.")
    assert_problem(client.post("/nowhere/"), 404)


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_told_to_sign_in(method: str) -> None:
    response = getattr(Browser(checks_csrf=True), method)("/media/a.txt")
    assert_problem(response, 401, "Sign in, or send a valid token.")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_foreign_host_is_refused_with_a_problem(client: Client) -> None:
    for browser in (client, Client()):
        response = browser.get("/", headers={"Host": "evil.example"})
        assert_problem(response, 400, "The request could not be understood.")


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status"), [("nowhere/", 404), ("users/user/", 403), ("broken/", 500)]
)
def test_people_in_the_admin_get_pages(member: Client, address: str, status: int) -> None:
    member.raise_request_exception = False
    response = member.get(ADMIN + address)
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert "s3cret" not in response.text
