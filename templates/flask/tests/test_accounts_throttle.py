"""The throttle: over all workers, for accounts that exist and others, and never for good."""

import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import throttle
from app.accounts.models import Attempts
from app.accounts.throttle import WINDOW, network
from app.accounts.views import (
    LOGINS_OF_ACCOUNT,
    LOGINS_OF_NETWORK,
    MAILS_OF_NETWORK_TO_ADDRESS,
    MAILS_TO_ADDRESS,
)
from tests.accounts import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    is_signed_in,
    make_user,
    post,
    sign_in,
    signed_in,
)
from tests.conftest import Lines, MakeApp, browser
from tests.mailbox import Mailbox
from tests.test_csrf import token


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses fail here whatever they are, and take no time."""
    monkeypatch.setattr("app.accounts.passwords.matches", lambda _hash, given: given == PASSWORD)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_guesses_at_an_account_end(
    client: FlaskClient, session: Session, log_lines: Lines, email: str
) -> None:
    make_user(session)
    for _ in range(LOGINS_OF_ACCOUNT):
        assert sign_in(client, email, "wrong").status_code == 200
    refusal = sign_in(client, email, PASSWORD)
    assert refusal.status_code == 429
    assert 0 < int(refusal.headers["Retry-After"]) <= WINDOW
    assert not is_signed_in(client)
    assert 429 in [line["status"] for line in log_lines() if line["event"] == "refused"]


def test_guesses_from_an_address_end(client: FlaskClient, session: Session) -> None:
    make_user(session)
    answers = [
        sign_in(client, f"user{number}@example.com", "wrong").status_code
        for number in range(LOGINS_OF_NETWORK + 1)
    ]
    assert answers == [200] * LOGINS_OF_NETWORK + [429]
    assert LOGINS_OF_NETWORK <= 30


def test_somebody_else_is_not_locked_out(make_app: MakeApp, app: Flask, session: Session) -> None:
    make_user(session)
    proxied = make_app(trusted_proxy_count=1)
    proxied.extensions["sqlalchemy"] = app.extensions["sqlalchemy"]
    client = browser(proxied)
    client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    for number in range(LOGINS_OF_ACCOUNT + 1):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}, 203.0.113.7"
        last = sign_in(client, password="wrong")
    assert last.status_code == 429
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.7, 192.0.2.1"
    sign_in(client)
    assert is_signed_in(client)


def test_wait_ends_and_is_not_prolonged(client: FlaskClient, session: Session) -> None:
    make_user(session)
    for _ in range(LOGINS_OF_ACCOUNT + 5):
        sign_in(client, password="wrong")
    (ends,) = set(session.scalars(select(Attempts.ends)))
    assert ends <= int(time.time()) + WINDOW
    session.execute(update(Attempts).values(ends=int(time.time())))
    session.commit()
    sign_in(client)
    assert is_signed_in(client)


def test_success_is_forgotten(client: FlaskClient, session: Session) -> None:
    make_user(session)
    for _ in range(2):
        for _ in range(LOGINS_OF_ACCOUNT - 1):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code in {302, 303}
    session.execute(update(Attempts).values(ends=0))
    session.commit()
    throttled = session.scalars(select(Attempts)).all()
    assert len(throttled) == 1  # the network's: somebody's own account is no way around it


def test_change_is_no_way_around(app: Flask, session: Session) -> None:
    client = signed_in(app, session)
    path = "/accounts/password/change/"
    for _ in range(LOGINS_OF_ACCOUNT):
        response = post(client, path, current="wrong", password=OTHER_PASSWORD)
        assert response.status_code == 200
    response = post(client, path, current=PASSWORD, password=OTHER_PASSWORD)
    assert response.status_code == 429


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/"])
def test_mailbox_is_not_flooded(
    client: FlaskClient, session: Session, mailbox: Mailbox, path: str, email: str
) -> None:
    make_user(session)
    limit = MAILS_OF_NETWORK_TO_ADDRESS
    answers = [post(client, path, email=email).status_code for _ in range(limit + 1)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    for _ in range(0 if email != EMAIL and "reset" in path else limit):
        mailbox.message()
    assert mailbox.is_empty()


def test_mailbox_is_not_flooded_from_everywhere(client: FlaskClient, mailbox: Mailbox) -> None:
    path = "/accounts/signup/"
    for number in range(MAILS_TO_ADDRESS):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert post(client, path, email=EMAIL).status_code in {302, 303}
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert post(client, path, email=EMAIL).status_code == 429
    mailbox.clear()


def test_without_database_nobody_is_let_through(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(database_url=SecretStr(f"sqlite:///{tmp_path}/empty.sqlite3"))
    client = browser(app)
    data = {"csrf_token": token(client), "email": EMAIL, "password": PASSWORD}
    response = client.post("/accounts/login/", data=data)
    assert response.status_code == 500
    assert not response.headers.get("Location")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_network(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert network() == counted


def test_keys_are_not_readable(app: Flask) -> None:
    del app
    assert EMAIL not in throttle.digest("login", "203.0.113.7", EMAIL)
    assert throttle.digest("a", "b") != throttle.digest("ab")
