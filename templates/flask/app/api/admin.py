"""Tokens in the admin: staff see whose there are, and revoke them."""

from datetime import UTC, datetime

from flask import Flask

from app import admin
from app.api.models import ApiToken


def init_app(app: Flask) -> None:
    admin.register(app, ApiToken, name="API token", can=["delete"], actions={"Revoke": revoke})


def revoke(token: ApiToken) -> None:
    token.revoked = token.revoked or datetime.now(UTC)
