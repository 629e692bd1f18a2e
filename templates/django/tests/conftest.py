"""What tests share: browsers behind the proxy that ends TLS, and people."""

import pytest
from django.test import Client

from users.models import User

PASSWORD = "correct horse battery"


class Browser(Client):
    """A client whose requests arrive as the proxy in front would send them."""

    user: User

    def __init__(self, address: str = "203.0.113.7", *, checks_csrf: bool = False) -> None:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": address}
        super().__init__(enforce_csrf_checks=checks_csrf, headers=headers)


@pytest.fixture
def client() -> Browser:
    """A stranger's browser."""
    return Browser()


@pytest.fixture
def user(db: None) -> User:
    """A user without any right."""
    return User.objects.create_user("ada@example.com", PASSWORD)


@pytest.fixture
def member(user: User) -> Browser:
    """The browser of `user`, signed in."""
    client = Browser()
    client.user = user
    client.force_login(user)
    return client


@pytest.fixture
def office(db: None) -> Browser:
    """The browser of an administrator, signed in."""
    client = Browser()
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return client
