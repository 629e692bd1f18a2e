"""Tokens: 256 random bits, shown once; API_TOKEN_SHA256 lists their hashes."""

import hmac
import re
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

import click
from flask import current_app, request
from flask.cli import AppGroup

View = TypeVar("View", bound=Callable[..., Any])
PREFIX = "api_"
SCOPES = ("read", "write")
# Shorter than a hash and than a token, so that neither is ever taken for a name.
NAME = re.compile("[A-Za-z0-9._-]{1,40}")
HASH = re.compile("[0-9a-f]{64}")

api_token = AppGroup("api-token", help="Make tokens of the API.")


class Token(NamedTuple):
    """A program that is let in."""

    name: str
    scope: str
    digest: str


def parse(text: str) -> tuple[Token, ...]:
    """Return the entries `NAME:SCOPE:HEX` of a list; say which is wrong, but nothing of its hash."""
    tokens: list[Token] = []
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    for number, entry in enumerate(entries, 1):
        name, _, rest = entry.partition(":")
        scope, _, digest = rest.partition(":")
        label = name if rest and NAME.fullmatch(name) else f"number {number}"
        if label != name or scope not in SCOPES or not HASH.fullmatch(digest):
            raise ValueError(f"has an entry, {label}, that is not NAME:SCOPE:HEX")
        if name in {token.name for token in tokens}:
            raise ValueError(f"has two entries of the name {name}")
        tokens.append(Token(name, scope, digest))
    return tuple(tokens)


def make(name: str, scope: str) -> tuple[str, str]:
    """Return a new token, and its entry."""
    secret = PREFIX + secrets.token_urlsafe(32)
    return secret, f"{name}:{scope}:{sha256(secret.encode()).hexdigest()}"


def of_request() -> Token | None:
    """Return the token in the header, unless it is unknown."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    digest = sha256(secret.encode()).hexdigest()
    found = None
    for token in current_app.config["SETTINGS"].api_token_sha256:
        if hmac.compare_digest(token.digest, digest):
            found = token
    return found


def reads(view: View) -> View:
    """Mark a view that changes nothing although it takes POST: the scope `read` is enough."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


@api_token.command("hash")
@click.argument("name")
@click.option("--scope", type=click.Choice(SCOPES), default="write", show_default=True)
def make_hash(name: str, scope: str) -> None:
    """Make a token, and print it and its entry: it is shown this once."""
    if not NAME.fullmatch(name):
        raise click.ClickException("A name has 1 to 40 of the characters a-z, A-Z, 0-9, `.-_`.")
    secret, entry = make(name, scope)
    click.echo("The token, which is shown this once:", err=True)
    click.echo(secret)
    click.echo("Its entry in API_TOKEN_SHA256:", err=True)
    click.echo(entry)
