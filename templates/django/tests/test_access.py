"""Who may see what: everything needs a sign-in, save for a written list."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.conftest import PASSWORD
from users.models import User

ADMIN = f"/{settings.ADMIN_PATH}/"
# The names of all views that strangers may see; the others send them to sign in.
PUBLIC = {
    "home",
    "robots",
    "users:sign_in",
}


def views(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name of each view of the site, or its pattern where it has none, and an address."""
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from views(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else pattern, address(pattern)


def address(pattern: str) -> str:
    """Return an address that a pattern of `path` or of the admin matches."""
    samples = {"slug": "a", "str": "a", "path": "a", "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}
    found = re.sub(r"<(?:(\w+):)?\w+>", lambda match: samples.get(match[1] or "str", "1"), pattern)
    return "/" + re.sub(r"\(\?P<app_label>(\w+)[^)]*\)", r"\1", found).rstrip("$")


VIEWS = dict(views(get_resolver()))


def test_the_site_has_views() -> None:
    assert {*PUBLIC, "users:password_change", "admin:index"} <= VIEWS.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("name", VIEWS)
def test_strangers_are_sent_to_sign_in(client: Client, name: str) -> None:
    """A view is private, or it is on the list; it may do then what it likes."""
    client.raise_request_exception = False
    for response in (client.get(VIEWS[name]), client.post(VIEWS[name])):
        sign_in = ("/accounts/login/?next=", f"{ADMIN}login/?")
        private = response.headers.get("Location", "").startswith(sign_in)
        assert private or name in PUBLIC, (
            f"Strangers see {name} ({VIEWS[name]}). If they may, add {name!r} to PUBLIC in this "
            "file; if not, take @login_not_required from its view."
        )
        assert not private or name not in PUBLIC, (
            f"{name} is in PUBLIC and asks for a sign-in. Mark its view with @login_not_required, "
            "or take it from the list."
        )


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


def test_members_who_are_not_staff_find_no_admin(member: Client) -> None:
    assert member.get(ADMIN, follow=True).status_code == 404
    assert member.get("/admin/").status_code == 404


def test_every_admin_page_opens(office: Client, user: User) -> None:
    index = office.get(ADMIN)
    assert index.status_code == 200
    for app in index.context["app_list"]:
        for model in app["models"]:
            assert office.get(model["admin_url"]).status_code == 200
            if model["add_url"]:
                assert office.get(model["add_url"]).status_code == 200


def test_the_admin_shares_the_pages_of_accounts(office: Client) -> None:
    assert office.get(f"{ADMIN}password_change/")["Location"] == "/accounts/password/change/"
    response = office.post(f"{ADMIN}logout/")
    assert response["Location"] == "/"
    assert "Clear-Site-Data" in response
