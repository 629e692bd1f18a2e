"""What the template answers for in a Django project: copied into its tests, and run there."""

from http import HTTPStatus

from django.test import override_settings

from config.settings import production
from pages.errors import error_page
from tests.conftest import Browser


def test_error_pages_survive_missing_static_files(rf):
    with override_settings(STORAGES=production.STORAGES, STATIC_ROOT="/nonexistent"):
        page = error_page(rf.get("/"), HTTPStatus.INTERNAL_SERVER_ERROR).text
    assert "<h1>Internal Server Error</h1>" in page
    assert "stylesheet" not in page


def test_programs_get_a_document_in_development_too(settings):
    settings.DEBUG = True
    answer = Browser().get("/nowhere/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "URLconf" in Browser().get("/nowhere/").text


def test_the_id_of_the_proxy_is_kept_if_it_is_one(client):
    given = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    assert client.get("/", headers={"X-Request-ID": given})["X-Request-ID"] == given
    assert client.get("/", headers={"X-Request-ID": "no id"})["X-Request-ID"] != "no id"


def test_policies_that_differ_are_built_for_each_response(settings):
    usual = Browser().get("/")
    assert "Content-Security-Policy-Report-Only" not in usual
    settings.CONTENT_SECURITY_POLICY_REPORT_ONLY = {"DIRECTIVES": {"default-src": ["'self'"]}}
    settings.CONTENT_SECURITY_POLICY = settings.CONTENT_SECURITY_POLICY | {
        "EXCLUDE_URL_PREFIXES": ["/robots"]
    }
    page, excluded = Browser().get("/"), Browser().get("/robots.txt")
    assert "default-src 'self'" in page["Content-Security-Policy-Report-Only"]
    assert set(page["Content-Security-Policy"].split("; ")) == set(
        usual["Content-Security-Policy"].split("; ")
    )
    assert "Content-Security-Policy" not in excluded
