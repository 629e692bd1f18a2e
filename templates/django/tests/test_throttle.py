"""Guessing passwords is slow, for everyone who guesses and nobody else."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory

from config import client as clients
from tests.conftest import PASSWORD, Browser
from users.models import User

LOGIN = "/accounts/login/"


def guess(client: Client, username: str, times: int = 1) -> int:
    """Try wrong passwords and return the last answer's status."""
    attempt = {"username": username, "password": "wrong", "csrfmiddlewaretoken": "wrong"}
    for _ in range(times):
        response = client.post(LOGIN, attempt)
    return response.status_code


def test_guessing_ends_with_429(user: User) -> None:
    client = Browser()
    assert guess(client, user.email, settings.AXES_FAILURE_LIMIT - 1) == 200
    response = client.post(LOGIN, {"username": user.email, "password": "wrong"})
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "Wait a quarter of an hour" in response.text
    assert "wrong" not in AccessAttempt.objects.get().post_data
    right = client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert right.status_code == 429


def test_another_spelling_is_the_same_account(user: User) -> None:
    client = Browser()
    spellings = [user.email.upper(), user.email.title(), f" {user.email}", user.email]
    for number in range(settings.AXES_FAILURE_LIMIT):
        status = guess(client, spellings[number % len(spellings)])
    assert status == 429


@pytest.mark.parametrize("spelling", ["ıris@example.com", "İris@example.com", "iriſ@example.com"])
def test_no_spelling_of_an_account_has_attempts_of_its_own(db: None, spelling: str) -> None:
    # To PostgreSQL the capitals of these letters are those of plain ones.
    User.objects.create_user("iris@example.com", PASSWORD)
    client = Browser()
    guess(client, "iris@example.com", settings.AXES_FAILURE_LIMIT)
    response = client.post(LOGIN, {"username": spelling, "password": PASSWORD})
    assert response.status_code in {200, 429}


def test_forged_addresses_do_not_help(user: User) -> None:
    statuses = {
        guess(Browser(f"198.51.100.{number}, 203.0.113.7"), user.email)
        for number in range(settings.AXES_FAILURE_LIMIT)
    }
    assert 429 in statuses


def test_nobody_else_is_locked_out(user: User) -> None:
    User.objects.create_user("bob@example.com", PASSWORD)
    guess(Browser("203.0.113.7"), user.email, settings.AXES_FAILURE_LIMIT)
    for address, email in (("203.0.113.8", user.email), ("203.0.113.7", "bob@example.com")):
        response = Browser(address).post(LOGIN, {"username": email, "password": PASSWORD})
        assert response.status_code == 302


def test_nobody_signs_in_while_attempts_cannot_be_counted(user: User) -> None:
    client = Browser()
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE axes_accessattempt RENAME TO axes_lost")
    response = client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert response.status_code == 500
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_a_session_left_open_is_no_place_to_guess(member: Browser) -> None:
    change = "/accounts/password/change/"
    wrong = {"old_password": "wrong", "new_password1": "a" * 12, "new_password2": "a" * 12}
    statuses = [member.post(change, wrong).status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert (set(statuses[:-1]), statuses[-1]) == ({200}, 429)
    assert member.post(change, {**wrong, "old_password": PASSWORD}).status_code == 429
    assert guess(Browser(), member.user.email) == 429


def test_the_wait_ends(user: User) -> None:
    client = Browser()
    guess(client, user.email, settings.AXES_FAILURE_LIMIT + 2)
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.get().attempt_time - settings.AXES_COOLOFF_TIME
    )
    response = client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "2001:db8:1:2::5", "2001:db8:1:2::5"),
    ],
)
def test_proxies_are_counted_from_the_right(
    settings: Any, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory(REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
    assert clients.address(request.get("/")) == expected


@pytest.mark.parametrize(
    ("peer", "customer"),
    [
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", "0.0.0.0"),
    ],
)
def test_customers_count_each_on_a_socket_of_any_kind(
    settings: Any, peer: str, customer: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    assert clients.network(RequestFactory(REMOTE_ADDR=peer).get("/")) == customer
