"""The front page and the error pages."""

import re
from http import HTTPStatus

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.conftest import Browser

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def bad(_request: HttpRequest) -> HttpResponse:
    raise BadRequest


def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("s3cret detail")


urlpatterns = [
    *urlpatterns,
    path("bad/", bad),
    path("forbidden/", forbidden),
    path("broken/", broken),
]


def test_front_page_uses_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/").text
    assert '<meta name="description" content="' in page
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert not re.search(r"<style|style=|<script|\son\w+=", page)


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/bad/", 400),
        ("get", "/forbidden/", 403),
        ("post", "/nowhere/", 404),
        ("put", "/", 405),
        ("get", "/broken/", 500),
    ],
)
def test_error_pages_stand_alone(member: Client, method: str, address: str, status: int) -> None:
    member.raise_request_exception = False
    response = getattr(member, method)(address)
    assert response.status_code == status
    assert f"<h1>{HTTPStatus(status).phrase}</h1>" in response.text
    assert "s3cret" not in response.text

    response = getattr(member, method)(address, headers={"Accept": "application/json"})
    assert response.status_code == response.json()["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json().keys() == {"title", "status", "detail"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_programs_are_told_to_sign_in(method: str) -> None:
    ask = getattr(Browser(checks_csrf=True), method)
    response = ask("/accounts/password/change/", headers={"Accept": "application/json"})
    assert response.status_code == response.json()["status"] == 401


def test_path_and_method_are_judged_before_the_token() -> None:
    client = Browser(checks_csrf=True)
    assert client.post("/").status_code == 405
    assert client.post("/nowhere/").status_code == 404
    response = client.post("/accounts/login/")
    assert response.status_code == 403
    assert "reload and send it again" in response.text


def test_a_missing_page_offers_the_way_back(client: Client) -> None:
    here, there = "https://testserver/accounts/login/", "https://evil.example/"
    for referrer, offered in ((here, True), (there, False)):
        page = client.get("/nowhere/", headers={"Host": "testserver", "Referer": referrer}).text
        assert (f'href="{referrer}"' in page) is offered


def test_markup_in_an_address_comes_back_escaped(client: Client) -> None:
    response = client.get("/accounts/login/", {"next": '"><script>alert(1)</script>'})
    assert "<script>" not in response.text
