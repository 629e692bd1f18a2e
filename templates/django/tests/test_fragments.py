"""Parts of pages for htmx: what they hold, what takes the whole page, what caches keep apart."""

import pytest
from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.test import Client, override_settings
from django.urls import path
from django.views.generic import FormView

from config import built, checks
from config.fragments import Refusing
from config.urls import handler404, handler500, urlpatterns
from tests.conftest import Browser
from users.models import User

__all__ = ["handler404", "handler500"]

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHOLE = {"HX-Request": "true", "HX-Request-Type": "full"}
TEMPLATE = """{% extends layout %}
{% block title %}Sample{% endblock %}
{% block content %}<h1>Sample</h1>{{ form }}{% endblock %}
"""


class Ask(forms.Form):
    name = forms.CharField()


class Sample(Refusing, FormView[Ask]):
    form_class = Ask

    def render_to_response(self, context: dict[str, object], **_: object) -> HttpResponse:
        template = engines["django"].from_string(TEMPLATE)
        return HttpResponse(template.render(context, self.request))

    def form_valid(self, form: Ask) -> HttpResponse:
        messages.success(self.request, "It is kept.")
        return redirect("/sample/")


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("s3cret detail")


urlpatterns = [*urlpatterns, path("sample/", Sample.as_view()), path("broken/", broken)]

pytestmark = pytest.mark.urls(__name__)


def test_a_part_of_a_page_is_its_content_and_title(member: Client) -> None:
    part = member.get("/sample/", headers=PART)
    assert part.text.startswith("<title>Sample</title>")
    assert "<h1>Sample</h1>" in part.text
    assert "<main" not in part.text
    assert "HX-Retarget" not in part.headers


@pytest.mark.parametrize("headers", [{}, WHOLE, {"HX-Request-Type": "other"}])
def test_whoever_wants_all_of_a_page_gets_it(member: Client, headers: dict[str, str]) -> None:
    page = member.get("/sample/", headers=headers)
    assert page.text.lstrip().startswith("<!DOCTYPE html>")
    for shown in ("<title>Sample</title>", "<h1>Sample</h1>", 'src="/static/built/site.js"'):
        assert shown in page.text
    assert "HX-Retarget" not in page.headers


@pytest.mark.parametrize("headers", [{}, PART])
def test_caches_keep_parts_and_pages_apart(member: Client, headers: dict[str, str]) -> None:
    assert "HX-Request-Type" in member.get("/sample/", headers=headers).headers["Vary"]


@pytest.mark.parametrize(("headers", "has_page"), [({}, True), (PART, False)])
def test_a_refused_form_is_a_422(member: Client, headers: dict[str, str], has_page: bool) -> None:
    response = member.post("/sample/", {"name": " "}, headers=headers)
    assert response.status_code == 422
    assert "<title>Error: Sample</title>" in response.text
    assert 'aria-invalid="true"' in response.text
    assert ("<main" in response.text) is has_page


def test_messages_come_with_a_part(member: Client) -> None:
    response = member.post("/sample/", {"name": "Ada"}, headers=PART, follow=True)
    assert '<div id="messages" hx-swap-oob="innerHTML">' in response.text
    assert "It is kept." in response.text
    assert "It is kept." not in member.get("/sample/", headers=PART).text


@pytest.mark.parametrize(("address", "status"), [("/nowhere/", 404), ("/broken/", 500), ("/", 200)])
def test_what_is_no_part_takes_the_whole_page(member: Client, address: str, status: int) -> None:
    member.raise_request_exception = False
    response = member.get(address, headers=PART)
    assert response.status_code == status
    assert response.headers["HX-Retarget"] == "body"


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_browser_itself_goes_to_sign_in(client: Client, db: None, method: str) -> None:
    response = getattr(client, method)("/sample/", headers=PART)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/sample/"
    assert getattr(client, method)("/sample/").status_code == 302


def test_elements_send_the_token_that_the_page_has(user: User) -> None:
    browser = Browser(checks_csrf=True)
    browser.force_login(user)
    page = browser.get("/sample/", secure=True).text
    assert "hx-headers:inherited=" in page
    token = page.partition('"X-CSRFToken": "')[2].partition('"')[0]
    headers = PART | {"Origin": "https://testserver"}
    refused = browser.post("/sample/", {"name": "Ada"}, headers=headers, secure=True)
    assert refused.status_code == 403
    assert refused.headers["HX-Retarget"] == "body"
    headers["X-CSRFToken"] = token
    kept = browser.post("/sample/", {"name": "Ada"}, headers=headers, secure=True)
    assert kept.status_code == 302


def test_a_server_does_not_start_without_its_script(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    built.check_built()

    def missing(name: str) -> str:
        raise ValueError(name)

    monkeypatch.setattr(built, "static", missing)
    with pytest.raises(ImproperlyConfigured, match=r"python -m config\.npm run build"):
        built.check_built()
    with override_settings(DEBUG=True):
        built.check_built()
    assert (built.NOT_BUILT, built.BUILD) in list(checks.faults())
