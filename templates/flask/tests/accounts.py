"""What tests of accounts do in a browser, and what they find behind it."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.passwords import HASHER
from tests.conftest import browser
from tests.test_csrf import token

EMAIL = "ada@example.com"
PASSWORD = "  Nine Tall pines, at noon"
OTHER_PASSWORD = "seven LOW bridges by night  "
PASSWORD_HASH = HASHER.hash(PASSWORD)


def make_user(session: Session, email: str = EMAIL, **values: Any) -> User:
    user = User(email=email, password_hash=PASSWORD_HASH, **values)
    session.add(user)
    session.commit()
    return user


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form as the page at `path` would."""
    return client.post(path, data={"csrf_token": token(client)} | fields)


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    return post(client, "/accounts/login/", email=email, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    """Tell whether a page that needs a sign-in is shown."""
    return client.get("/accounts/password/change/").status_code == 200


def signed_in(app: Flask, session: Session, email: str = EMAIL) -> FlaskClient:
    """Return a browser in which a new user is signed in."""
    make_user(session, email)
    client = browser(app)
    assert sign_in(client, email).status_code in {302, 303}
    return client


def copy_of(app: Flask, client: FlaskClient) -> FlaskClient:
    """Return another browser with the same cookie."""
    cookie = client.get_cookie("__Host-session")
    assert cookie
    copy = browser(app)
    copy.set_cookie("__Host-session", cookie.value, secure=True)
    return copy
