"""The commands `flask invite`, `flask user` and `flask unlock`: what the operator may do."""

import re

import click
import structlog
from flask.cli import with_appcontext
from sqlalchemy import delete

from app.accounts import factor, mails, sessions
from app.accounts.forms import EMAIL
from app.accounts.models import EMAIL_LENGTH, Attempts, User
from app.accounts.roles import ROLES
from app.extensions import db

log = structlog.get_logger(__name__)


@click.command()
@click.argument("email")
@with_appcontext
def invite(email: str) -> None:
    """Mail a link that makes an account, also where nobody may sign up without one."""
    address = email.strip().lower()
    if not re.match(EMAIL, address) or len(address) > EMAIL_LENGTH:
        raise click.ClickException(f"{email} is not an e-mail address.")
    mails.invite(address)
    click.echo(f"A message to {address} is on its way.")


@click.command()
@click.argument("email")
@click.option("--enable/--disable", "active", default=None, help="A disabled user is signed out.")
@click.option("--role", "given", type=click.Choice(list(ROLES)), multiple=True)
@click.option("--remove-role", "taken", type=click.Choice(list(ROLES)), multiple=True)
@click.option("--remove-factor", is_flag=True, help="For somebody whose phone and codes are lost.")
@with_appcontext
def user(
    email: str,
    active: bool | None,
    given: tuple[str, ...],
    taken: tuple[str, ...],
    remove_factor: bool,
) -> None:
    """Change what the user with this address may do, and say what holds now."""
    found = User.of(email.strip().lower())
    if found is None:
        raise click.ClickException(f"There is no user {email}.")
    if active is not None:
        found.active = active
    found.roles = " ".join(sorted({*found.roles.split(), *given}.difference(taken)))
    if remove_factor:
        factor.remove(found)
    if active is not None or taken or remove_factor:
        sessions.end_all(found)
    db.session.commit()
    log.info("user changed", user=found.id, active=found.active, roles=found.roles)
    enabled = "enabled" if found.active else "disabled"
    second = "with" if found.factor else "without"
    roles = found.roles or "none"
    click.echo(f"{found.email}: {enabled}, roles: {roles}, {second} a second factor.")


@click.command()
@with_appcontext
def unlock() -> None:
    """Forget every failed attempt, so that whoever is locked out may try again at once."""
    db.session.execute(delete(Attempts))
    db.session.commit()
    log.info("attempts forgotten")
