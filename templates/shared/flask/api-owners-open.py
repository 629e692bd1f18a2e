"""Whose the tokens are{{ ', and who asks without one' if frontend != 'none' else '' }}; there are no users."""

from collections.abc import Callable
{{ 'from hashlib import sha256\n' if frontend != 'none' else '' }}from typing import Any

from flask import Flask{{ ', session' if frontend != 'none' else '' }}

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


{% if frontend != 'none' %}
{% include 'templates/shared/flask/api-owners-session.py' %}


{% endif %}
def give(_token: ApiToken) -> None:
    """Give a token to nobody."""


def label(_token: ApiToken) -> str:
    return ""
