"""What tests share: browsers behind the proxy, people, and production settings started anew."""

import importlib
import secrets
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from django.test import Client

from users.models import User

PASSWORD = "correct horse battery"
ENVIRONMENT = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "www.example.com,example.com",
    "DATABASE_URL": "sqlite:////var/lib/site/db.sqlite3",
    "ADMIN_PATH": "q7w8e9r0t1",
}
OPTIONAL = (
    "DEBUG",
    "SECRET_KEY_FALLBACKS",
    "TRUSTED_PROXY_COUNT",
    "HSTS_SECONDS",
    "EMAIL_URL",
    "LOG_LEVEL",
)


def browser(address: str = "203.0.113.7", *, checks_csrf: bool = False) -> Client:
    """Return a client whose requests arrive as the TLS proxy in front would send them."""
    return Client(
        enforce_csrf_checks=checks_csrf,
        headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": address},
    )


@pytest.fixture
def client() -> Client:
    """A stranger's browser."""
    return browser()


@pytest.fixture
def user(db: None) -> User:
    """A user without any right."""
    return User.objects.create_user("ada@example.com", PASSWORD)


@pytest.fixture
def member(user: User) -> Client:
    """The browser of `user`, signed in."""
    client = browser()
    client.force_login(user)
    return client


@pytest.fixture
def office(db: None) -> Client:
    """The browser of an administrator, signed in."""
    client = browser()
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return client


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Load production settings as a new process would, with variables changed (None: unset)."""
    kept = {name: sys.modules[name] for name in sys.modules if name.startswith("config.settings.")}

    def load(module: str = "production", **changes: str | None) -> ModuleType:
        for name in OPTIONAL:
            monkeypatch.delenv(name, raising=False)
        for name, value in {**ENVIRONMENT, **changes}.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        for name in kept:
            sys.modules.pop(name, None)
        return importlib.import_module(f"config.settings.{module}")

    yield load
    sys.modules.update(kept)
