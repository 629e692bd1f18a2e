"""Sign-up and reset: links in mails, which tell nobody whether an address has an account."""

import base64
import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app import mail
from app.accounts import links
from app.accounts.models import User
from app.accounts.passwords import ESTIMATED_LENGTH, MIN_LENGTH, is_easy, matches
from tests.accounts import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    copy_of,
    is_signed_in,
    make_user,
    post,
    sign_in,
    signed_in,
)
from tests.conftest import Lines, MakeApp, browser
from tests.mailbox import Mailbox

SIGNUP, RESET = "/accounts/signup/", "/accounts/password/reset/"
DEAD = "This link is no longer valid."


def outside(response: TestResponse) -> tuple[Any, ...]:
    """What somebody without access to the mailbox can tell apart."""
    names = set(response.headers.keys()) - {"X-Request-ID", "Content-Security-Policy"}
    return response.status_code, response.headers.get("Location"), response.text, sorted(names)


def test_sign_up(client: FlaskClient, session: Session, mailbox: Mailbox, log_lines: Lines) -> None:
    page = client.get(SIGNUP)
    assert 'type="email"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    post(client, SIGNUP, email=f" {EMAIL.upper()} ", active="", id="77", is_admin="1")
    message = mailbox.message()
    assert (message["To"], message["From"]) == (EMAIL, "no-reply@localhost")
    link = re.findall(r"https://localhost(/\S+)", message.get_content())[0]
    assert session.scalars(select(User)).all() == []  # nothing is kept before the proof

    assert EMAIL in client.get(link).text
    assert client.get(link.rstrip("/")).status_code == 200
    made = post(client, link, password=PASSWORD, email="other@example.com", active="", id="77")
    assert made.headers["Location"] == "/accounts/login/"
    user = session.scalars(select(User)).one()
    assert (user.email, user.active) == (EMAIL, True)
    assert user.id != 77
    assert matches(user.password_hash, PASSWORD)
    sign_in(client)
    assert is_signed_in(client)
    assert post(client, link, password=OTHER_PASSWORD).headers["Location"] == SIGNUP
    assert DEAD in client.get(SIGNUP).text
    assert "account made" in [line["event"] for line in log_lines()]
    assert link.split("/")[3] not in str(log_lines())


def test_link_that_is_sent_off_twice_makes_one_account(
    client: FlaskClient, session: Session, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(client, SIGNUP, email=EMAIL)
    link = mailbox.link()
    make_user(session)
    monkeypatch.setattr(User, "of", lambda _email: None)  # as it was when the other began
    assert post(client, link, password=OTHER_PASSWORD).headers["Location"] == SIGNUP


@pytest.mark.parametrize("path", [SIGNUP, RESET])
def test_answers_are_alike_for_known_and_unknown_addresses(
    app: Flask, session: Session, mailbox: Mailbox, path: str
) -> None:
    make_user(session)
    answers = [
        outside(post(browser(app), path, email=email)) for email in (EMAIL, "nobody@example.com")
    ]
    assert answers[0] == answers[1]
    assert mailbox.message()["To"]
    if path == SIGNUP:
        assert mailbox.message()["To"]
    assert mailbox.is_empty()


def test_sign_up_with_a_known_address_leads_to_reset(
    client: FlaskClient, session: Session, mailbox: Mailbox
) -> None:
    make_user(session)
    post(client, SIGNUP, email=EMAIL)
    assert mailbox.link() == RESET


def test_disabled_user_gets_no_link(
    client: FlaskClient, session: Session, mailbox: Mailbox
) -> None:
    make_user(session, active=False)
    post(client, RESET, email=EMAIL)
    assert mailbox.is_empty()


def test_reset_works_once_and_ends_sessions(
    app: Flask, client: FlaskClient, session: Session, mailbox: Mailbox, log_lines: Lines
) -> None:
    inside = signed_in(app, session)
    post(client, RESET, email=EMAIL)
    first = mailbox.link()
    post(client, RESET, email=EMAIL)
    second = mailbox.link()
    assert 'autocomplete="new-password"' in client.get(first).text
    assert is_signed_in(copy_of(app, inside)), "opening the link changes nothing"
    response = post(client, first, password=OTHER_PASSWORD)
    assert response.headers["Location"] == "/accounts/login/"
    assert "was changed" in mailbox.message().get_content()
    assert not is_signed_in(inside)
    assert not is_signed_in(client), "whoever has the link alone is not signed in"
    for link in (first, second):
        assert client.get(link).headers["Location"] == RESET
        assert post(client, link, password=PASSWORD).headers["Location"] == RESET
    sign_in(client, password=OTHER_PASSWORD)
    assert is_signed_in(client)
    assert first.split("/")[4] not in str(log_lines())


@pytest.mark.parametrize("path", [SIGNUP, RESET])
def test_link_dies_with_time_and_change(
    client: FlaskClient,
    session: Session,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    if path == RESET:
        make_user(session)
    post(client, path, email=EMAIL)
    link = mailbox.link()
    token = link.split("/")[-2]
    other = RESET if path == SIGNUP else SIGNUP
    assert client.get(other + token + "/").headers["Location"] == other  # for its purpose alone
    assert client.get(link[:-12] + "AAAAAAAAAAA/").headers["Location"] == path
    assert client.get(link).status_code == 200
    assert links.RESET_SECONDS <= links.SIGNUP_SECONDS <= 24 * 60 * 60
    monkeypatch.setattr(links, "RESET_SECONDS", -1)
    monkeypatch.setattr(links, "SIGNUP_SECONDS", -1)
    assert client.get(link).headers["Location"] == path


def test_links_survive_a_change_of_key(app: Flask, make_app: MakeApp) -> None:
    old, new = SecretStr(app.config["SECRET_KEY"]), SecretStr("new" + app.config["SECRET_KEY"])
    with app.app_context():
        token = links.signup_token(EMAIL)
    for fallbacks, email in (((old,), EMAIL), ((), None)):
        with make_app(secret_key=new, secret_key_fallbacks=fallbacks).app_context():
            assert links.signup_email(token) == email
            assert links.signup_email(links.signup_token(EMAIL)) == EMAIL


@pytest.mark.parametrize(
    "email",
    [
        *(
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@exam ple.com",
            "a@b.c\r\nBcc: x@y.z",
        ),
        *("ada@example.com,eve@example.com", "<ada@example.com>", "Ada <ada@example.com>"),
        *("ada@example.com\n", "ädä@example.com", "ada@-example.com", f"{'a' * 250}@example.com"),
    ],
)
def test_what_is_no_address_gets_no_mail(client: FlaskClient, mailbox: Mailbox, email: str) -> None:
    response = post(client, SIGNUP, email=email)
    if email.strip() == EMAIL:
        assert mailbox.message()["To"] == EMAIL
    else:
        assert 'aria-describedby="email_error"' in response.text
    assert mailbox.is_empty()


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "Choose a password."),
        ("x7!Kq9#mZ2w", "between 12 and 128"),
        ("ab cd " * 22, "between 12 and 128"),
        ("password1234", "easy to guess"),
        ("Passw0rd2024!!", "easy to guess"),
        ("1q2w3e4r5t6y", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        (EMAIL, "easy to guess"),
        ("adaexample123", "easy to guess"),
    ],
)
def test_password_that_is_easy_is_refused(
    client: FlaskClient, session: Session, mailbox: Mailbox, password: str, reason: str
) -> None:
    post(client, SIGNUP, email=EMAIL)
    page = post(client, mailbox.link(), password=password)
    assert reason in page.text
    assert session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "лесной чай и тишина",
        "tiny 🦄 on the moon",
        "all lower case words",
        "8412 0973 5561 2208",
        ("long " + PASSWORD) * 4,
    ],
)
def test_password_of_any_kind_is_kept_exactly(
    client: FlaskClient, session: Session, mailbox: Mailbox, password: str
) -> None:
    post(client, SIGNUP, email=EMAIL)
    post(client, mailbox.link(), password=password)
    kept = session.scalars(select(User.password_hash)).one()
    assert matches(kept, password)
    assert not matches(kept, password.swapcase() + " ")


def test_three_thousand_common_passwords_are_refused() -> None:
    """Those of the library's lists that are long enough; a tenth of them, to be quick."""
    lengths = range(MIN_LENGTH, ESTIMATED_LENGTH + 1)
    common = {word for words in FREQUENCY_LISTS.values() for word in words if len(word) in lengths}
    assert len(common) >= 3000
    assert [word for word in sorted(common)[::10] if not is_easy(word, EMAIL)] == []


def test_server_is_told_who_sends(make_app: MakeApp, mailbox: Mailbox) -> None:
    url = mailbox.url.replace("//", "//site%40example.org:pass%2Fword@") + "?from=site@example.org"
    app = make_app(email_url=SecretStr(url))
    with app.test_request_context(base_url="https://localhost"):
        mail.send(EMAIL, "Hello", "Good morning.")
    assert mailbox.message()["From"] == "site@example.org"
    assert base64.b64decode(mailbox.credentials[-1]) == b"\0site@example.org\0pass/word"


def greeting() -> EmailMessage:
    message = EmailMessage()
    message.set_content("Good morning.")
    return message


@pytest.mark.parametrize("scheme", ["submission", "smtps"])
def test_nothing_is_sent_without_encryption(
    mailbox: Mailbox, log_lines: Lines, scheme: str
) -> None:
    mail.deliver(urlsplit(mailbox.url.replace("smtp", scheme, 1)), greeting())
    assert mailbox.is_empty()
    (line,) = [line for line in log_lines() if line["level"] == "error"]
    assert (line["event"], line["server"]) == ("mail not sent", "127.0.0.1")
    assert "Good morning." not in str(line)


def test_development_shows_mails(capsys: pytest.CaptureFixture[str]) -> None:
    link = f"http://localhost/accounts/signup/{'x' * 100}/"
    message = greeting()
    message["To"] = EMAIL
    message.set_content(f"Open this: ä\n\n{link}\n")
    mail.deliver(urlsplit("console:"), message)
    shown = capsys.readouterr().err
    assert f"To: {EMAIL}\n" in shown
    assert f"\n{link}\n" in shown
