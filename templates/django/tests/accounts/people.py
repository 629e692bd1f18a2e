"""What people do, for tests."""

import base64
import hmac
import re
import struct
import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.seals import seal
from tests.conftest import PASSWORD, Browser
from users.models import User

LOGIN, SIGNUP, CHANGE = "/accounts/login/", "/accounts/signup/", "/accounts/password/change/"
FACTOR, EMAIL = "/accounts/2fa/", "/accounts/email/"
SESSIONS, DELETE = "/accounts/sessions/", "/accounts/delete/"
KEY = base64.b32encode(b"a key of twenty byte").decode()


def code(key: str = KEY, steps: int = 0) -> str:
    """Return the code that an app shows now, or so many half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(key), counter, "sha1")
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def with_factor(user: User) -> User:
    sealed = {"secret": seal(KEY)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=sealed)
    return user


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"username": email, "password": password, **more})


def signed_in(user: User, agent: str = "") -> Browser:
    """Return a browser that came by the sign-in page, and so is in the list of sessions."""
    client = Browser()
    client.user = user
    client.defaults["HTTP_USER_AGENT"] = agent
    sign_in(client, user.email)
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(CHANGE).status_code == 200


def key_on(page: str) -> str:
    """Return the key that a page shows in text."""
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found
    return found[1]
