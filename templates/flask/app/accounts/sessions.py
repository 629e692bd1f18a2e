"""The sessions of users.

The cookie holds a random key and the database its hash. Without the row a copy of the cookie is
worth nothing, so a session ends when a user signs out, changes the password or is disabled. Somebody
who has given the password, and owes the code of the second factor, has no session.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import current_app, g, request, session
from sqlalchemy import ColumnElement, delete, select, update

from app.accounts import links
from app.accounts.models import ADDRESS_LENGTH, SignIn, User
from app.extensions import db

LIFETIME = timedelta(days=14)
IDLE_LIFETIME = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
KEY = "sign_in"
HALF = "half_signed_in"
# What a browser calls itself holds the names of others: the first that is found counts.
BROWSERS = ("Edg", "OPR", "FxiOS", "Firefox", "CriOS", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
SPELT = {"Edg": "Edge", "OPR": "Opera", "FxiOS": "Firefox", "CriOS": "Chrome", "Mac OS X": "macOS"}


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
        .where(SignIn.digest == digest(key), User.active, is_alive(now))
    ).first()
    if found is None:
        return None
    sign_in, stale = found
    if stale:
        # In a transaction of its own: SQLite lets none that has read begin to write.
        db.session.commit()
        seen = update(SignIn).where(SignIn.digest == digest(key))
        db.session.execute(seen.values(seen=now, address=address()))
        db.session.commit()
    user: User = sign_in.user
    return user


def is_alive(now: datetime) -> ColumnElement[bool]:
    """Say which sessions time has not ended."""
    return (SignIn.created > now - LIFETIME) & (SignIn.seen > now - IDLE_LIFETIME)


def of_user(user: User) -> Sequence[SignIn]:
    """Return where `user` is signed in, the last one first."""
    mine = (SignIn.user_id == user.id) & is_alive(datetime.now(UTC))
    return db.session.scalars(select(SignIn).where(mine).order_by(SignIn.created.desc())).all()


def begin_half(user: User) -> None:
    """Remember that `user` gave the password; no session but a signed word, for a short time."""
    end()
    session[HALF] = links.half_token(user)


def half() -> User | None:
    """Return who owes a code."""
    return links.half_user(session.get(HALF, ""))


def begin(user: User) -> None:
    """Sign `user` in with a new key; whatever session the browser had is over."""
    end()
    now = datetime.now(UTC)
    db.session.execute(delete(SignIn).where(SignIn.created <= now - LIFETIME))
    session[KEY] = secrets.token_urlsafe(32)
    session.permanent = True
    where = {"browser": name_of(request.user_agent.string), "address": address()}
    db.session.add(SignIn(digest=present(), user=user, created=now, seen=now, **where))
    g.user = user


def begin_alone(user: User) -> None:
    """Sign `user` in with a new key, and out everywhere else."""
    end_all(user)
    begin(user)


def end() -> None:
    """Sign the browser out."""
    db.session.execute(delete(SignIn).where(SignIn.digest == present()))
    session.clear()
    g.user = None


def end_one(user: User, chosen: str) -> bool:
    """Sign `user` out in one browser; tell whether that was one of theirs."""
    found = [one for one in of_user(user) if one.digest == chosen]
    for one in found:
        db.session.delete(one)
    return bool(found)


def end_others(user: User) -> None:
    """Sign `user` out everywhere but in this browser."""
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.digest != present()))


def end_all(user: User) -> None:
    """Sign `user` out everywhere."""
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))


def present() -> str:
    """Return what the database keeps of the key that this browser has."""
    return digest(session.get(KEY, ""))


def digest(key: str) -> str:
    """Return what the database keeps of a key; one with 256 random bits needs no slow hash."""
    return sha256(key.encode()).hexdigest()


def address() -> str:
    """Return where the request comes from."""
    return (request.remote_addr or "")[:ADDRESS_LENGTH]


def name_of(agent: str) -> str:
    """Say in words what calls itself `agent`."""
    browser, system = [
        next((SPELT.get(sign, sign) for sign in signs if sign in agent), "")
        for signs in (BROWSERS, SYSTEMS)
    ]
    browser = browser or "Unknown browser"
    return f"{browser} on {system}" if system else browser


def in_words(moment: datetime) -> str:
    """Say when something was; SQLite keeps no time zone, and all times are UTC there."""
    there = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{there.day} {there:%B %Y, %H:%M} UTC"
