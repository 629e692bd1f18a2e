"""The sessions of users.

The cookie holds a random key and the database its hash. Without the row a copy of the cookie is
worth nothing, so a session ends when a user signs out, changes the password or is disabled.
"""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import current_app, g, request, session
from sqlalchemy import delete, select, update

from app.accounts.models import SignIn, User
from app.extensions import db

LIFETIME = timedelta(days=14)
IDLE_LIFETIME = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
KEY = "sign_in"


def load_user() -> User | None:
    """Return the user of the request; for a visitor without a cookie no database is asked."""
    known = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return find_user(session[KEY]) if known and KEY in session else None


def find_user(key: str) -> User | None:
    """Return the user whose session `key` is, if it has not ended."""
    now = datetime.now(UTC)
    found = db.session.execute(
        select(SignIn, SignIn.seen < now - SEEN_EVERY)
        .join(SignIn.user)
        .where(SignIn.digest == digest(key), User.active)
        .where(SignIn.created > now - LIFETIME, SignIn.seen > now - IDLE_LIFETIME)
    ).first()
    if found is None:
        return None
    sign_in, stale = found
    if stale:
        # In a transaction of its own: SQLite lets none that has read begin to write.
        db.session.commit()
        seen = update(SignIn).where(SignIn.digest == digest(key)).values(seen=now)
        db.session.execute(seen)
        db.session.commit()
    user: User = sign_in.user
    return user


def begin(user: User) -> None:
    """Sign `user` in with a new key; whatever session the browser had is over."""
    end()
    now = datetime.now(UTC)
    db.session.execute(delete(SignIn).where(SignIn.created <= now - LIFETIME))
    session[KEY] = secrets.token_urlsafe(32)
    session.permanent = True
    db.session.add(SignIn(digest=digest(session[KEY]), user=user, created=now, seen=now))
    g.user = user


def end() -> None:
    """Sign the browser out."""
    db.session.execute(delete(SignIn).where(SignIn.digest == digest(session.get(KEY, ""))))
    session.clear()
    g.user = None


def end_all(user: User) -> None:
    """Sign `user` out everywhere."""
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))


def digest(key: str) -> str:
    """Return what the database keeps of a key; one with 256 random bits needs no slow hash."""
    return sha256(key.encode()).hexdigest()
