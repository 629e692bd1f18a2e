"""Who may see what: everything needs a sign-in, save for a written list."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.conftest import PASSWORD
from users.models import User

ADMIN = f"/{settings.ADMIN_PATH}/"
# All that strangers may see: a view that answers them and is missing here fails the test.
PUBLIC = {"/", "/accounts/login/", "/favicon.ico"}


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Yield an address for each view of the site."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + str(entry.pattern))
        else:
            address = re.sub(r"<[^>]+>", "1", prefix + str(entry.pattern))
            yield re.sub(r"\(\?P<app_label>(\w+)[^)]*\)", r"\1", address).rstrip("$")


ADDRESSES = sorted(set(addresses(get_resolver())))


def test_the_site_has_views() -> None:
    assert {*PUBLIC, "/accounts/password/change/", ADMIN} < set(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_are_sent_to_sign_in(client: Client, address: str) -> None:
    for response in (client.get(address), client.post(address)):
        if address in PUBLIC:
            assert response.get("Location") in {None, static("favicon.svg")}
        else:
            assert response.status_code == 302
            assert response["Location"].startswith(("/accounts/login/?next=", f"{ADMIN}login/?"))


@pytest.mark.django_db
def test_the_admin_has_no_sign_in_page(client: Client) -> None:
    response = client.get(ADMIN, follow=True)
    assert response.request["PATH_INFO"] == "/accounts/login/"
    data = {"username": "root@example.com", "password": PASSWORD, "next": ADMIN}
    User.objects.create_superuser("root@example.com", PASSWORD)
    assert client.post("/accounts/login/", data)["Location"] == ADMIN


def test_only_the_asker_reads_the_admin_path(client: Client, member: Client) -> None:
    path = settings.ADMIN_PATH
    for address in ("/", "/accounts/login/", "/accounts/password/change/", "/nowhere/"):
        for reader in (client, member):
            response = reader.get(address)
            assert path not in response.text + str(response.headers)


def test_the_admin_is_not_where_it_is_guessed(client: Client) -> None:
    assert client.get("/admin/").status_code == 404


def test_members_who_are_not_staff_find_no_admin(member: Client) -> None:
    response = member.get(ADMIN, follow=True)
    assert response.status_code == 404


def test_every_admin_page_opens(office: Client, user: User) -> None:
    index = office.get(ADMIN)
    assert index.status_code == 200
    for app in index.context["app_list"]:
        for model in app["models"]:
            assert office.get(model["admin_url"]).status_code == 200
            if model["add_url"]:
                assert office.get(model["add_url"]).status_code == 200


def test_the_admin_signs_out_as_the_site_does(office: Client) -> None:
    response = office.post(f"{ADMIN}logout/")
    assert response["Location"] == "/"
    assert "Clear-Site-Data" in response


def test_the_admin_changes_passwords_on_the_page_of_the_site(office: Client) -> None:
    response = office.get(f"{ADMIN}password_change/")
    assert response["Location"] == "/accounts/password/change/"
