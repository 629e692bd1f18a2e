"""The throttle: over all workers, for accounts that exist and others, and never for good."""

import time

import pytest
from sqlalchemy import select, update

from app.accounts import throttle
from app.accounts.models import Attempts
from app.accounts.settings import AccountsSettings
from conftest import browser
from tests.accounts.people import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    RESET,
    SIGNUP,
    change,
    choose,
    is_signed_in,
    link_in,
    make_user,
    post,
    sign_in,
    text_of,
)

LIMITS = AccountsSettings()
WINDOW = LIMITS.throttle_minutes * 60


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Passwords take no time here."""
    monkeypatch.setattr("app.accounts.passwords.matches", lambda _hash, given: given == PASSWORD)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_guesses_at_an_account_end(client, session, log_lines, email):
    make_user(session)
    for _ in range(LIMITS.failures_per_account):
        assert sign_in(client, email, "wrong").status_code == 200
    refusal = sign_in(client, email, PASSWORD)
    assert refusal.status_code == 429
    assert 0 < int(refusal.headers["Retry-After"]) <= WINDOW
    assert not is_signed_in(client)
    assert 429 in [line["status"] for line in log_lines() if line["event"] == "refused"]


def test_guesses_from_an_address_end(client, session):
    limit = LIMITS.failures_per_network
    make_user(session)
    answers = []
    for number in range(limit + 1):
        answers.append(sign_in(client, f"user{number}@example.com", "wrong").status_code)
        if number < limit - 1:
            assert sign_in(client).status_code in {302, 303}, "one's own account is no way around"
    assert answers == [200] * limit + [429]
    assert limit <= 30


def test_successes_do_not_count(client, session):
    make_user(session)
    for _ in range(LIMITS.failures_per_network + 1):
        assert sign_in(client).status_code in {302, 303}


def test_colleagues_may_sign_up_from_one_network(client, session, mailbox):
    for number in range(20):
        assert post(client, SIGNUP, email=f"{number}@example.com").status_code in {302, 303}
    before = counted(session)
    choose(client, link_in(mailbox[0]), PASSWORD)
    session.expire_all()
    assert counted(session) == before - 1


def counted(session):
    """Return how many mails the network has asked for."""
    mine = Attempts.digest == throttle.digest("mail", "127.0.0.1")
    return session.scalars(select(Attempts.count).where(mine)).one()


def test_limits_are_settings(make_app, app, session):
    strict = make_app(FAILURES_PER_ACCOUNT="2")
    strict.extensions["sqlalchemy"] = app.extensions["sqlalchemy"]
    client = browser(strict)
    answers = [sign_in(client, password="wrong").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_somebody_else_is_not_locked_out(make_app, app, session):
    make_user(session)
    proxied = make_app(TRUSTED_PROXY_COUNT="1")
    proxied.extensions["sqlalchemy"] = app.extensions["sqlalchemy"]
    client = browser(proxied)
    client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    for number in range(LIMITS.failures_per_account + 1):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}, 203.0.113.7"
        last = sign_in(client, password="wrong")
    assert last.status_code == 429
    assert sign_in(client, "eve@example.com", "wrong").status_code == 200, "nor are colleagues"
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.7, 192.0.2.1"
    sign_in(client)
    assert is_signed_in(client)


def test_wait_ends_and_is_not_prolonged(client, session):
    make_user(session)
    for _ in range(LIMITS.failures_per_account + 5):
        sign_in(client, password="wrong")
    mine = Attempts.digest == throttle.digest("login", "127.0.0.1", EMAIL)
    assert session.scalars(select(Attempts.ends).where(mine)).one() <= int(time.time()) + WINDOW
    session.execute(update(Attempts).values(ends=int(time.time())))
    session.commit()
    sign_in(client)
    assert is_signed_in(client)


def test_operator_opens_what_is_locked(app, client, session):
    make_user(session)
    for _ in range(LIMITS.failures_per_account + 1):
        last = sign_in(client, password="wrong")
    assert last.status_code == 429
    assert app.test_cli_runner().invoke(args=["unlock"]).exit_code == 0
    assert sign_in(client).status_code in {302, 303}


def test_owner_is_told_of_many_failures_once_a_day(client, session, mailbox):
    make_user(session)
    wanted = LIMITS.failures_before_notice
    for number in range(wanted + 5):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        sign_in(client, password="wrong")
        sign_in(client, "nobody@example.com", "wrong")
        assert len(mailbox) == (1 if number + 1 >= wanted else 0)
    assert mailbox[0]["To"] == EMAIL
    assert "many wrong passwords" in text_of(mailbox[0])
    session.execute(update(Attempts).values(ends=int(time.time())))
    session.commit()
    for number in range(wanted):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        sign_in(client, password="wrong")
    assert len(mailbox) == 2


def test_right_passwords_are_no_reason_for_a_notice(client, session, mailbox):
    make_user(session)
    for _ in range(LIMITS.failures_before_notice + 2):
        sign_in(client)
    assert mailbox == []


def test_success_forgives_earlier_mistakes(client, session):
    make_user(session)
    for failures in (LIMITS.failures_per_account - 1, 5):
        for _ in range(failures):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code in {302, 303}


def test_a_session_left_open_is_no_place_to_guess(app, member):
    for _ in range(LIMITS.failures_per_account):
        assert change(member, "wrong", OTHER_PASSWORD).status_code == 200
    assert change(member, PASSWORD, OTHER_PASSWORD).status_code == 429
    assert sign_in(browser(app)).status_code == 429


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
@pytest.mark.parametrize("path", [SIGNUP, RESET])
def test_mailbox_is_not_flooded(client, session, mailbox, path, email):
    make_user(session)
    limit = LIMITS.mails_per_network_to_address
    answers = [post(client, path, email=email).status_code for _ in range(limit + 1)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    assert len(mailbox) == (0 if email != EMAIL and path == RESET else limit)


def test_mailbox_is_not_flooded_from_everywhere(client, session):
    for number in range(LIMITS.mails_per_address):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert post(client, SIGNUP, email=EMAIL).status_code in {302, 303}
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert post(client, SIGNUP, email=EMAIL).status_code == 429


def test_without_database_nobody_is_let_through(make_app, tmp_path):
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")
    response = sign_in(browser(app))
    assert response.status_code == 500
    assert not response.headers.get("Location")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_network(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert throttle.network() == network


def test_keys_are_not_readable():
    assert EMAIL not in throttle.digest("login", "203.0.113.7", EMAIL)
    assert throttle.digest("a", "b") != throttle.digest("ab")
