"""The commands `flask api-token` and `flask api-prune`."""

import time
from datetime import datetime

import click
import structlog
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import delete, select

from app.api import idempotency, owners, tokens
from app.api.fields import LARGEST_ID, as_utc
from app.api.models import NAME_LENGTH, ApiAnswer, ApiRequests, ApiToken
from app.extensions import db

log = structlog.get_logger(__name__)
api_token = AppGroup("api-token", help="Make, list and revoke the tokens of the API.")


@api_token.command()
@click.argument("name")
@owners.option
@click.option(
    "--days",
    type=click.IntRange(1, tokens.MOST_DAYS),
    help="How long it is good for; else for ever.",
)
@click.option("--scope", type=click.Choice(tokens.SCOPES), default="write", show_default=True)
def create(name: str, days: int | None, scope: str, **owner: str) -> None:
    """Make a token, and print it: it is shown this once."""
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH or not tokens.NAME.fullmatch(name):
        said = f"A name has 1 to {NAME_LENGTH} characters, and no control characters."
        raise click.ClickException(said)
    token, secret = tokens.make(name, scope, days)
    owners.give(token, **owner)
    db.session.add(token)
    db.session.commit()
    log.info("token made", credential=token.id)
    click.echo(f"Token {token.id} is made. Copy it now: nobody sees it again.", err=True)
    click.echo(secret)


@api_token.command("list")
def list_tokens() -> None:
    """Show every token, though not what it is."""
    for token in db.session.scalars(select(ApiToken).order_by(ApiToken.id)):
        end = "expires" if token.state == "valid" else token.state
        words = [token.id, token.name, token.scope, owners.label(token)]
        words += [f"used {day(token.last_used)}", f"{end} {day(token.revoked or token.expires)}"]
        click.echo("\t".join(str(word) for word in words if word))


@api_token.command()
@click.argument("number", metavar="ID", type=click.IntRange(1, LARGEST_ID))
def revoke(number: int) -> None:
    """Let the token with this number in no more."""
    if not tokens.revoke(number):
        raise click.ClickException(f"There is no valid token {number}.")
    db.session.commit()
    log.info("token revoked", credential=number)
    click.echo(f"Token {number} is revoked.")


@click.command()
@with_appcontext
def api_prune() -> None:
    """Forget counted requests and kept answers that are of no use any more; run it once a day."""
    now = int(time.time())
    db.session.execute(delete(ApiRequests).where(ApiRequests.minute < now // 60 - 1))
    db.session.execute(delete(ApiAnswer).where(ApiAnswer.claimed <= now - idempotency.KEPT))
    db.session.commit()
    log.info("pruned")


def day(when: datetime | None) -> str:
    return f"{as_utc(when):%Y-%m-%d}" if when else "never"
