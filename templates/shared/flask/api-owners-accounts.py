"""Whose the tokens are, and who asks without one: users."""

from collections.abc import Callable
from typing import Any

import click
from flask import Flask, abort, g
from sqlalchemy.orm import contains_eager

from app.access import current_user
from app.accounts.models import User
from app.accounts.roles import lacks_factor
from app.api.models import ApiToken

option: Callable[[Any], Any] = click.option(
    "--user", "email", required=True, help="The address of whom it acts for."
)


def init_app(app: Flask) -> None:
    """Give users the page of their tokens."""
    # Not above: the page needs this module.
    from app.api import pages

    pages.init_app(app)


def of_active(query: Any) -> Any:
    """Leave out the tokens of users who may not sign in."""
    owner = query.join(ApiToken.owner).options(contains_eager(ApiToken.owner))
    return owner.where(User.active)


def enter(token: ApiToken | None) -> None:
    """Let the request be of the user whose token it shows, and of no session."""
    g.user = token.owner if token else None
    refuse_without_factor()


def of_session() -> str | None:
    """Return who is signed in."""
    refuse_without_factor()
    return f"user {current_user.id}" if current_user.is_authenticated else None


def refuse_without_factor() -> None:
    """Let staff do nothing here before they have the second factor that they need."""
    if current_user.is_authenticated and lacks_factor(current_user):
        abort(403, "Set up the second factor first.")


def shown() -> dict[str, Any] | None:
    """Return what a user is told about themselves."""
    if not current_user.is_authenticated:
        return None
    return {"id": current_user.id, "email": current_user.email}


def give(token: ApiToken, email: str) -> None:
    """Let a token act for the user with this address."""
    token.owner = User.of(email.lower())
    if token.owner is None:
        raise click.ClickException(f"There is no user {email}.")


def label(token: ApiToken) -> str:
    return token.owner.email if token.owner else ""
