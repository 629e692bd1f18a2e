"""Guessing passwords is slow, for everyone who guesses and nobody else."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory

from config import client as clients
from tests.conftest import PASSWORD, browser
from users.models import User

LOGIN = "/accounts/login/"


def guess(client: Client, username: str, times: int = 1, **headers: Any) -> int:
    """Try wrong passwords and return the last answer's status."""
    for _ in range(times):
        response = client.post(LOGIN, {"username": username, "password": "wrong"}, **headers)
    return response.status_code


def test_guessing_ends_with_429(user: User) -> None:
    client = browser()
    assert guess(client, user.email, settings.AXES_FAILURE_LIMIT - 1) == 200
    response = client.post(LOGIN, {"username": user.email, "password": "wrong"})
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "Wait a quarter of an hour" in response.text
    right = client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert right.status_code == 429


def test_another_spelling_is_the_same_account(user: User) -> None:
    client = browser()
    spellings = [user.email.upper(), user.email.title(), f" {user.email}", user.email]
    for number in range(settings.AXES_FAILURE_LIMIT):
        status = guess(client, spellings[number % len(spellings)])
    assert status == 429


@pytest.mark.parametrize("spelling", ["ıris@example.com", "İris@example.com", "iriſ@example.com"])
def test_no_spelling_of_an_account_has_attempts_of_its_own(db: None, spelling: str) -> None:
    # To PostgreSQL the capitals of these letters are those of plain ones.
    User.objects.create_user("iris@example.com", PASSWORD)
    client = browser()
    guess(client, "iris@example.com", settings.AXES_FAILURE_LIMIT)
    response = client.post(LOGIN, {"username": spelling, "password": PASSWORD})
    assert response.status_code in {200, 429}


def test_forged_addresses_do_not_help(user: User) -> None:
    statuses = {
        guess(browser(f"198.51.100.{number}, 203.0.113.7"), user.email)
        for number in range(settings.AXES_FAILURE_LIMIT)
    }
    assert 429 in statuses


def test_neighbours_behind_the_same_proxy_are_not_locked_out(user: User) -> None:
    guess(browser("203.0.113.7"), user.email, settings.AXES_FAILURE_LIMIT)
    neighbour = browser("203.0.113.8")
    response = neighbour.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert response.status_code == 302


def test_colleagues_at_the_same_address_are_not_locked_out(user: User) -> None:
    User.objects.create_user("bob@example.com", PASSWORD)
    guess(browser(), user.email, settings.AXES_FAILURE_LIMIT)
    response = browser().post(LOGIN, {"username": "bob@example.com", "password": PASSWORD})
    assert response.status_code == 302


def test_nobody_signs_in_while_attempts_cannot_be_counted(user: User) -> None:
    client = browser()
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE axes_accessattempt RENAME TO axes_lost")
    response = client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert response.status_code == 500
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_the_wait_ends(user: User) -> None:
    client = browser()
    guess(client, user.email, settings.AXES_FAILURE_LIMIT + 2)
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.get().attempt_time - settings.AXES_COOLOFF_TIME
    )
    response = client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert response.status_code == 302


def test_success_forgives_earlier_mistakes(user: User) -> None:
    client = browser()
    guess(client, user.email, settings.AXES_FAILURE_LIMIT - 1)
    client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert not AccessAttempt.objects.exists()


def test_no_secret_is_kept_with_an_attempt(user: User) -> None:
    secret = {"password": "s3cret-guess", "csrfmiddlewaretoken": "s3cret-token"}
    browser().post(LOGIN, {"username": user.email, **secret})
    attempt = AccessAttempt.objects.get()
    assert "s3cret" not in attempt.post_data
    assert attempt.username == user.email


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "2001:db8:1:2::5", "2001:db8:1:2::5"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_proxies_are_counted_from_the_right(
    settings: Any, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory(REMOTE_ADDR="192.0.2.1").get(
        "/", headers={"X-Forwarded-For": forwarded}
    )
    assert clients.address(request) == expected


def test_a_socket_has_no_address(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    assert clients.address(RequestFactory(REMOTE_ADDR="").get("/")) == "0.0.0.0"


def test_customers_of_ipv4_count_each_on_a_socket_for_both_kinds(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    peers = ("::ffff:203.0.113.7", "::ffff:203.0.113.8")
    networks = [clients.network(RequestFactory(REMOTE_ADDR=peer).get("/")) for peer in peers]
    assert networks == ["203.0.113.7", "203.0.113.8"]


def test_one_customer_of_ipv6_counts_once() -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "2001:db8:1:2:3:4:5:6"})
    assert clients.network(request) == "2001:db8:1:2::"
