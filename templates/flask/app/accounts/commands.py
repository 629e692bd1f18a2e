"""The command `flask user`: what the operator of the site may do to a user."""

import click
import structlog
from flask.cli import with_appcontext

from app.accounts import access
from app.accounts.models import User
from app.extensions import db

log = structlog.get_logger(__name__)


@click.command()
@click.argument("email")
@click.option("--enable/--disable", "active", required=True, help="A disabled user is signed out.")
@with_appcontext
def user(email: str, active: bool) -> None:
    """Let the user with this address sign in, or keep them out."""
    found = User.of(email.lower())
    if found is None:
        raise click.ClickException(f"There is no user {email}.")
    found.active = active
    access.end_all(found)
    db.session.commit()
    log.info("user changed", user=found.id, active=active)
