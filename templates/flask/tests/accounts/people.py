"""People and their browsers, for tests."""

import re
import secrets
from datetime import UTC, datetime
from email.message import EmailMessage
from threading import enumerate as threads
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import SignIn, User
from app.accounts.passwords import HASHER
from app.accounts.sessions import KEY, digest
from conftest import browser, token

EMAIL = "ada@example.com"
PASSWORD = "  Nine Tall pines, at noon"
OTHER_PASSWORD = "seven LOW bridges by night  "
PASSWORD_HASH = HASHER.hash(PASSWORD)
LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
SIGNUP, RESET = "/accounts/signup/", "/accounts/password/reset/"
EMAIL_CHANGE, SESSIONS = "/accounts/email/", "/accounts/sessions/"
FACTOR, VERIFY = "/accounts/2fa/", "/accounts/2fa/verify/"
DELETE = "/accounts/delete/"


class Member(FlaskClient):
    """The browser of somebody who is signed in."""

    user: User


def make_user(session: Session, email: str = EMAIL, **values: Any) -> User:
    user = User(email=email, password_hash=PASSWORD_HASH, **values)
    session.add(user)
    session.commit()
    return user


def signed_in(app: Flask, session: Session, email: str) -> Member:
    """Return the browser of a new user, signed in."""
    client = Member(app, app.response_class)
    client.environ_base |= browser(app).environ_base
    client.user = make_user(session, email)
    key, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.add(SignIn(digest=digest(key), user=client.user, created=now, seen=now))
    session.commit()
    with client.session_transaction() as cookie:
        cookie[KEY] = key
    return client


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form, and wait for what happens after the response."""
    response = client.post(path, data={"csrf_token": token(client)} | fields)
    response.get_data()
    response.close()
    for thread in threads():
        if thread.name == "mail":
            thread.join()
    return response


def key_on(page: TestResponse) -> str:
    """Return the key that a page of the second factor shows, as an app takes it."""
    key: str = re.findall(r"<code>([A-Z2-7 ]{32,})</code>", page.text)[0]
    return key.replace(" ", "")


def code_of(key: str, later: int = 0) -> str:
    """Return the code that the app shows, now or so many half minutes later."""
    return pyotp.TOTP(key).at(datetime.now(UTC), counter_offset=later)


def set_up_factor(client: FlaskClient) -> tuple[str, list[str]]:
    """Set the second factor up, which uses the code of now; return its key, and recovery codes."""
    page = client.get(FACTOR)
    key = key_on(page)
    secret = re.findall(r'name="secret"[^>]* value="([^"]+)"', page.text)[0]
    done = post(client, FACTOR, secret=secret, current=PASSWORD, code=code_of(key))
    return key, re.findall(r"<code>(\d{4}-\d{4}-\d{4})</code>", done.text)


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    return post(client, LOGIN, email=email, password=password)


def change(client: FlaskClient, current: str, password: str) -> TestResponse:
    return post(client, CHANGE, current=current, password=password, again=password)


def choose(client: FlaskClient, link: str, password: str) -> TestResponse:
    """Send the form behind a mailed link."""
    return post(client, link, password=password, again=password)


def is_signed_in(client: FlaskClient) -> bool:
    """Tell whether a page that needs a sign-in is shown."""
    return client.get(CHANGE).status_code == 200


def copy_of(client: FlaskClient, browser: FlaskClient) -> FlaskClient:
    """Give `browser` the session of `client`."""
    cookie = client.get_cookie("__Host-session")
    assert cookie
    browser.set_cookie("__Host-session", cookie.value, secure=True)
    return browser


def link_in(message: EmailMessage) -> str:
    """Return the path of the link in a mail."""
    return str(re.findall(r"https://localhost(/\S+)", text_of(message))[0])


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return what a mail says: as plain text, or as HTML."""
    body = message.get_body((kind,))
    assert body
    return str(body.get_content())
