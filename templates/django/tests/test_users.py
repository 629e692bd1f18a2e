"""Users: how they are stored, how they sign in and out, and how long a session lasts."""

import re
import time
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.test import Client, RequestFactory, override_settings

from config.settings import base
from tests.conftest import PASSWORD, browser
from users.middleware import SEEN, SIGNED_IN
from users.models import User
from users.requests import signed_in_user

LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **data: str) -> HTTPStatus:
    response = client.post(LOGIN, {"username": username, "password": password, **data})
    return HTTPStatus(response.status_code)


@pytest.mark.django_db
def test_users_are_known_by_their_address() -> None:
    ada = User.objects.create_user("Ada@EXAMPLE.com", PASSWORD, name="Ada")
    assert ada.email == "Ada@example.com"
    assert str(ada) == ada.get_full_name() == ada.get_short_name() == "Ada"
    assert not ada.is_staff
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("")


def test_addresses_are_unique_in_any_case(user: User) -> None:
    double = User(email=user.email.upper())
    with pytest.raises(ValidationError, match="A user with this e-mail address exists"):
        double.validate_constraints()
    with pytest.raises(IntegrityError):
        double.save()


def test_keys_are_64_bit() -> None:
    assert User._meta.pk.get_internal_type() == "BigAutoField"


@override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS)
def test_passwords_are_stored_with_argon2() -> None:
    password = "ключ с пробелами  " + "x" * 100
    stored = make_password(password)
    assert check_password(password, stored)
    assert not check_password(password[:-1], stored)
    algorithm, variety, _version, parameters, *_ = stored.split("$")
    assert (algorithm, variety) == ("argon2", "argon2id")
    values = dict(part.split("=") for part in parameters.split(","))
    assert int(values["m"]) >= 19456
    assert int(values["t"]) >= 2


@pytest.mark.parametrize("weak", ["Xk7!fQ9", "qwertyuiop", "password1", "ada@example.com"])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, User(email="ada@example.com"))


def test_no_kind_of_character_is_demanded() -> None:
    validate_password("only small letters and spaces")
    validate_password("8302957146028")


def test_common_passwords_that_are_long_enough_are_many() -> None:
    known = CommonPasswordValidator().passwords
    assert sum(len(password) >= 9 for password in known) >= 3000


def test_sign_in_starts_a_new_session(user: User) -> None:
    client = browser()
    client.get(LOGIN)
    session = client.session
    session["basket"] = "1"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    before = session.session_key
    assert sign_in(client, "ADA@example.com") == HTTPStatus.FOUND
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    assert len(after) >= 32
    assert client.get(CHANGE).status_code == 200


def test_unknown_user_and_wrong_password_look_alike(user: User) -> None:
    pages = []
    for username in (user.email, "nobody@example.com"):
        response = browser().post(LOGIN, {"username": username, "password": "wrong"})
        page = response.text.replace(username, "")
        pages.append(re.sub(r'"csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    assert "do not belong together" in pages[0]
    assert 'role="alert"' in pages[0]
    assert "<title>Error: Sign in" in pages[0]


@pytest.mark.parametrize(
    "hostile",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
    ],
)
def test_next_never_leaves_the_site(user: User, hostile: str) -> None:
    response = browser().post(
        LOGIN, {"username": user.email, "password": PASSWORD, "next": hostile}
    )
    assert response["Location"] == "/"


def test_sign_in_page_is_never_stored(client: Client) -> None:
    assert "no-store" in client.get(LOGIN)["Cache-Control"]


def test_signed_in_pages_are_never_stored(member: Client, client: Client) -> None:
    assert member.get("/")["Cache-Control"] == "no-store"
    assert "Cache-Control" not in client.get("/")


def test_sign_out_ends_the_session_for_good(member: Client) -> None:
    cookie = member.cookies[settings.SESSION_COOKIE_NAME].value
    response = member.post("/accounts/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    thief = browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert thief.get(CHANGE).status_code == 302


def test_sign_out_needs_a_post(member: Client) -> None:
    assert member.get("/accounts/logout/").status_code == 405
    assert member.get(CHANGE).status_code == 200


def test_a_disabled_user_is_out_at_the_next_request(member: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert member.get(CHANGE).status_code == 302
    assert sign_in(browser(), user.email) == HTTPStatus.OK


def test_password_change_wants_the_present_one(member: Client) -> None:
    new = "a much better phrase"
    data = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    assert "entered incorrectly" in member.post(CHANGE, data).text
    assert 'autocomplete="current-password"' in member.get(CHANGE).text


def test_password_change_ends_other_sessions(member: Client, user: User) -> None:
    other = browser()
    other.force_login(user)
    new = "a much better phrase"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert "Your password is changed." in member.post(CHANGE, data, follow=True).text
    assert member.get(CHANGE).status_code == 200
    assert other.get(CHANGE).status_code == 302


@pytest.mark.parametrize("address", [LOGIN, "/accounts/logout/", CHANGE])
def test_forms_need_their_token(user: User, address: str) -> None:
    client = browser(checks_csrf=True)
    client.force_login(user)
    assert client.post(address).status_code == 403


def test_foreign_pages_cannot_send_forms(user: User) -> None:
    client = browser(checks_csrf=True)
    client.force_login(user)
    client.get(CHANGE)
    token = client.cookies["__Host-csrftoken"].value
    response = client.post(
        CHANGE, {"csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("mark", "lifetime"),
    [(SEEN, settings.SESSION_IDLE_LIFETIME), (SIGNED_IN, settings.SESSION_LIFETIME)],
)
def test_sessions_end(member: Client, mark: str, lifetime: timedelta) -> None:
    now = int(time.time())
    limit = int(lifetime.total_seconds())
    session = member.session
    session.update({SIGNED_IN: now, SEEN: now, mark: now - limit + 60})
    session.save()
    assert member.get(CHANGE).status_code == 200
    session.update({SIGNED_IN: now, SEEN: now, mark: now - limit - 1})
    session.save()
    assert member.get(CHANGE).status_code == 302


def test_a_visit_keeps_a_session_from_idling(member: Client) -> None:
    session = member.session
    session[SEEN] = int(time.time()) - 3600
    session.save()
    member.get(CHANGE)
    assert time.time() - member.session[SEEN] < 60


def test_a_view_made_public_by_mistake_refuses_strangers(user: User) -> None:
    request = RequestFactory().get("/")
    request.user = user
    assert signed_in_user(request) is user
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
