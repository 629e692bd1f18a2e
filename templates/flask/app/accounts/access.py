"""Who may see what: the session of a user, and the pages that need one.

The cookie holds a random key and the database its hash. Without the row a copy of the cookie is
worth nothing, so a session ends when a user signs out, changes the password or is disabled.
"""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from sqlalchemy import delete, select, update
from werkzeug.wrappers import Response

from app.accounts.models import SignIn, User
from app.extensions import db

# Pages for everybody. All others need a sign-in: a new one is closed until it stands here.
PUBLIC = frozenset(
    {
        "static",
        "pages.home",
        "accounts.login",
        "accounts.signup",
        "accounts.signup_confirm",
        "accounts.reset",
        "accounts.reset_confirm",
    }
)
LIFETIME = timedelta(days=14)
IDLE_LIFETIME = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
KEY = "sign_in"
# A path of this site, which no browser takes for another host.
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def init_app(app: Flask) -> None:
    """Close `app` to strangers, and keep what users see out of every cache."""
    app.config["PUBLIC_ENDPOINTS"] = PUBLIC
    app.config["PERMANENT_SESSION_LIFETIME"] = IDLE_LIFETIME
    app.jinja_env.globals["current_user"] = current_user
    app.before_request(require_user)
    app.after_request(forbid_caches)


def require_user() -> Response | None:
    """Send a stranger to the sign-in page, unless the page is public or does not exist."""
    public = request.endpoint is None or request.endpoint in current_app.config["PUBLIC_ENDPOINTS"]
    if public or current_user():
        return None
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))


def forbid_caches(response: Response) -> Response:
    """Mark what is for one user alone, and every page about accounts."""
    if g.get("user") or request.blueprint == "accounts":
        response.headers["Cache-Control"] = "no-store"
    return response


def local_path(target: str) -> str:
    """Return `target` if it is a path of this site, the front page if it is anything else."""
    return target if LOCAL.fullmatch(target) else url_for("pages.home")


def current_user() -> User | None:
    """Return the user of the request; for a visitor without a cookie no database is asked."""
    if "user" not in g:
        known = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
        g.user = find_user(session[KEY]) if known and KEY in session else None
    user: User | None = g.user
    return user


def signed_in_user() -> User:
    """Return the user of a request that needs one."""
    return current_user() or abort(401)


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
