"""Users: how they are stored, how they sign in and out, and how long a session lasts."""

import re
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.test import Client, RequestFactory, override_settings

from config.settings import base
from tests.conftest import PASSWORD, Browser
from users.access import signed_in_user
from users.middleware import SEEN, SIGNED_IN
from users.models import User

LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"


@pytest.mark.django_db
def test_users_are_known_by_their_address() -> None:
    ada = User.objects.create_user("Ada@EXAMPLE.com", PASSWORD, name="Ada")
    assert ada.email == "Ada@example.com"
    assert str(ada) == "Ada"
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("")


def test_addresses_are_unique_in_any_case(user: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create_user(user.email.upper())


@override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS)
def test_passwords_are_stored_with_argon2() -> None:
    stored = make_password(PASSWORD)
    assert check_password(PASSWORD, stored)
    assert not check_password(PASSWORD[:-1], stored)
    assert stored.startswith("argon2$argon2id$")


@pytest.mark.parametrize("weak", ["Xk7!fQ9", "qwertyuiop", "password1", "ada@example.com"])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, User(email="ada@example.com"))


def test_no_kind_of_character_is_demanded() -> None:
    validate_password("only small letters and spaces")
    validate_password("8302957146028")


def test_sign_in_starts_a_new_session(user: User) -> None:
    client = Browser()
    session = client.session
    session["basket"] = "1"
    session.save()
    client.post(LOGIN, {"username": "ADA@example.com", "password": PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key
    assert client.get(CHANGE).status_code == 200


def test_unknown_user_and_wrong_password_look_alike(user: User) -> None:
    pages = []
    for username in (user.email, "nobody@example.com"):
        response = Browser().post(LOGIN, {"username": username, "password": "wrong"})
        page = response.text.replace(username, "")
        pages.append(re.sub(r'"csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    assert "do not belong together" in pages[0]
    assert "<title>Error: Sign in" in pages[0]


@pytest.mark.parametrize(
    "hostile",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
    ],
)
def test_next_never_leaves_the_site(user: User, hostile: str) -> None:
    login = {"username": user.email, "password": PASSWORD, "next": hostile}
    assert Browser().post(LOGIN, login)["Location"] == "/"


def test_signed_in_pages_and_the_sign_in_page_are_never_stored(
    member: Client, client: Client
) -> None:
    assert member.get("/")["Cache-Control"] == "no-store"
    assert "no-store" in client.get(LOGIN)["Cache-Control"]
    assert "Cache-Control" not in client.get("/")


def test_sign_out_ends_the_session_for_good(member: Client) -> None:
    cookie = member.cookies[settings.SESSION_COOKIE_NAME].value
    response = member.post("/accounts/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    thief = Browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert thief.get(CHANGE).status_code == 302


def test_sign_out_needs_a_post(member: Client) -> None:
    assert member.get("/accounts/logout/").status_code == 405
    assert member.get(CHANGE).status_code == 200


def test_a_disabled_user_is_out_at_the_next_request(member: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert member.get(CHANGE).status_code == 302
    response = Browser().post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert response.status_code == 200


def test_password_change_ends_other_sessions(member: Client, user: User) -> None:
    other = Browser()
    other.force_login(user)
    new = "a much better phrase"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert "Your password is changed." in member.post(CHANGE, data, follow=True).text
    assert member.get(CHANGE).status_code == 200
    assert other.get(CHANGE).status_code == 302


@pytest.mark.parametrize("address", [LOGIN, "/accounts/logout/", CHANGE])
def test_forms_need_their_token(user: User, address: str) -> None:
    client = Browser(checks_csrf=True)
    client.force_login(user)
    assert client.post(address).status_code == 403


def test_foreign_pages_cannot_send_forms(user: User) -> None:
    client = Browser(checks_csrf=True)
    client.force_login(user)
    client.get(CHANGE)
    token = client.cookies["__Host-csrftoken"].value
    data = {"csrfmiddlewaretoken": token}
    assert client.post(CHANGE, data, headers={"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize(
    ("mark", "lifetime"),
    [(SEEN, settings.SESSION_IDLE_LIFETIME), (SIGNED_IN, settings.SESSION_LIFETIME)],
)
def test_sessions_end(member: Client, mark: str, lifetime: timedelta) -> None:
    now = int(time.time())
    limit = int(lifetime.total_seconds())
    session = member.session
    for age, status in ((limit - 60, 200), (limit + 1, 302)):
        session.update({SIGNED_IN: now, SEEN: now, mark: now - age})
        session.save()
        assert member.get(CHANGE).status_code == status


def test_a_visit_keeps_a_session_from_idling(member: Client) -> None:
    session = member.session
    session[SEEN] = int(time.time()) - 3600
    session.save()
    member.get(CHANGE)
    assert time.time() - member.session[SEEN] < 60


def test_a_view_made_public_by_mistake_refuses_strangers(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        signed_in_user(request)


def test_the_admin_adds_and_changes_users(office: Client, user: User) -> None:
    add = f"/{settings.ADMIN_PATH}/users/user/add/"
    data = {
        "email": "new@example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert office.post(add, data).status_code == 302
    assert User.objects.get(email="new@example.com").check_password(PASSWORD)
    double = office.post(add, {**data, "email": "ADA@example.com"})
    assert "A user with this e-mail address exists." in double.text
    change = f"/{settings.ADMIN_PATH}/users/user/{user.pk}/change/"
    assert user.password not in office.get(change).text
    assert office.get(f"/{settings.ADMIN_PATH}/users/user/{user.pk}/password/").status_code == 200
