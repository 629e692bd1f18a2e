"""Tokens: 256 random bits, shown once; the database has their hash."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import request
from sqlalchemy import or_, select, update

from app.api import owners
from app.api.models import ApiToken
from app.extensions import db

PREFIX = "api_"
SCOPES = ("read", "write")
MOST_DAYS = 3650
USED_EVERY = timedelta(minutes=1)
NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f]+")  # names are shown in terminals and logs


def make(name: str, scope: str, days: int | None = None) -> tuple[ApiToken, str]:
    """Return a new token as it is kept, and as its user needs it."""
    secret = PREFIX + secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    expires = now + timedelta(days=days) if days else None
    return ApiToken(name=name, scope=scope, digest=digest(secret), expires=expires), secret


def digest(secret: str) -> str:
    """Return what is kept of a token; one with 256 random bits needs no slow hash."""
    return sha256(secret.encode()).hexdigest()


def of_request() -> ApiToken | None:
    """Return the token in the header, unless it is unknown, revoked, too old or its user gone."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    now = datetime.now(UTC)
    query = owners.of_active(
        select(ApiToken, or_(ApiToken.last_used.is_(None), ApiToken.last_used < now - USED_EVERY))
        .where(ApiToken.digest == digest(secret), ApiToken.revoked.is_(None))
        .where(or_(ApiToken.expires.is_(None), ApiToken.expires > now))
    )
    found = db.session.execute(query).first()
    if found is None:
        return None
    token: ApiToken = found[0]
    stale: bool = found[1]
    # In a transaction of its own: SQLite lets none that has read begin to write.
    db.session.commit()
    if stale:
        used = update(ApiToken).where(ApiToken.id == token.id).values(last_used=now)
        db.session.execute(used, execution_options={"synchronize_session": False})
        db.session.commit()
    return token


def revoke(number: int) -> bool:
    """Let a token in no more; tell whether it was one until now."""
    revoked = update(ApiToken).where(ApiToken.id == number, ApiToken.revoked.is_(None))
    found = db.session.execute(revoked.values(revoked=datetime.now(UTC)).returning(ApiToken.id))
    return found.first() is not None
