"""The front page and the error pages."""

import re
from http import HTTPStatus

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns
from pages.errors import error_page
from tests.conftest import browser

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


def test_front_page_greets_strangers_and_members(client: Client, member: Client) -> None:
    assert "Sign in" in client.get("/").text
    assert "Sign out" in member.get("/").text


def test_front_page_uses_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/").text
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert not re.search(r"<style|style=|<script|\son\w+=", page)


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/bad/", 400, "Bad Request"),
        ("/forbidden/", 403, "Forbidden"),
        ("/nowhere/", 404, "Not Found"),
        ("/broken/", 500, "Internal Server Error"),
    ],
)
def test_error_pages_stand_alone(member: Client, address: str, status: int, title: str) -> None:
    member.raise_request_exception = False
    response = member.get(address)
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert "s3cret" not in response.text
    assert "Traceback" not in response.text


def test_a_form_without_its_token_says_what_to_do() -> None:
    response = browser(checks_csrf=True).post("/accounts/login/")
    assert response.status_code == 403
    assert "reload" in response.text


def test_error_pages_survive_missing_static_files(settings: object) -> None:
    with override_settings(
        STATIC_ROOT="/nonexistent",
        STORAGES={
            "staticfiles": {
                "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
            },
        },
    ):
        page = error_page(HTTPStatus.INTERNAL_SERVER_ERROR).text
    assert "<h1>Internal Server Error</h1>" in page
    assert "stylesheet" not in page


def test_markup_in_an_address_comes_back_escaped(client: Client) -> None:
    response = client.get("/accounts/login/", {"next": '"><script>alert(1)</script>'})
    assert "<script>" not in response.text
