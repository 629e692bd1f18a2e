"""Accounts: sign-up by mail, sign-in, sign-out, a new password, and pages that need a sign-in."""

from flask import Flask

from app.accounts import access
from app.accounts.commands import user
from app.accounts.views import blueprint

__all__ = ["blueprint", "init_app"]


def init_app(app: Flask) -> None:
    """Close every page of `app` that is not on the list of the public ones."""
    access.init_app(app)
    app.cli.add_command(user)
