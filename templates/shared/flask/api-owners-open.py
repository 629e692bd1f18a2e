"""Whose the tokens are, and who asks without one; there are no users."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Flask, session

from app.api.models import ApiToken


def option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add no option to the command that makes a token."""
    return command


def init_app(_app: Flask) -> None:
    """Add no page."""


def of_active(query: Any) -> Any:
    return query


def enter(_token: ApiToken | None) -> None:
    """Take note of whose token it is: nobody's."""


def of_session() -> str | None:
    """Return the visitor of a page: whoever was given the token of a form."""
    known = session.get("csrf_token")
    return f"page {sha256(known.encode()).hexdigest()}" if known else None


def shown() -> dict[str, Any] | None:
    """Return what a user would be told about themselves."""
    return None


def give(_token: ApiToken) -> None:
    """Give a token to nobody."""


def label(_token: ApiToken) -> str:
    return ""
