"""The commands `flask user` and `flask unlock`: what the operator of the site may do."""

import click
import structlog
from flask.cli import with_appcontext
from sqlalchemy import delete

from app.accounts import sessions
from app.accounts.models import Attempts, User
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
    sessions.end_all(found)
    db.session.commit()
    log.info("user changed", user=found.id, active=active)


@click.command()
@with_appcontext
def unlock() -> None:
    """Forget every failed attempt, so that whoever is locked out may try again at once."""
    db.session.execute(delete(Attempts))
    db.session.commit()
    log.info("attempts forgotten")
