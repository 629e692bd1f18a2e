"""`Idempotency-Key`: a request that is sent again is done once, and answered alike for a day."""

import re
import secrets
import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar, cast

from flask import Response, abort, current_app, g, request
from sqlalchemy import delete, text, update

from app.api.models import ApiAnswer
from app.api.problems import unprocessable
from app.extensions import db

View = TypeVar("View", bound=Callable[..., Any])
KEY = re.compile(r"[!-~]{1,255}")
KEPT = 24 * 60 * 60
ABANDONED = 60  # seconds after which a worker has died

CLAIM = text("""
    INSERT INTO api_answer (digest, fingerprint, claim, claimed)
    VALUES (:digest, :fingerprint, :claim, :now)
    ON CONFLICT (digest) DO UPDATE SET
        fingerprint = :fingerprint, claim = :claim, claimed = :now,
        status = NULL, location = NULL, body = NULL
    WHERE api_answer.claimed <= :day_ago
        OR (api_answer.status IS NULL AND api_answer.claimed <= :minute_ago)
    RETURNING claim
""")


def idempotent(view: View) -> View:
    """Do the work of a view once for each key, and commit it together with its answer.

    It stands between `input` and `output`. The view flushes what it adds, and does not commit.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            response = current_app.make_response(view(*args, **kwargs))
            db.session.commit()
            return response
        if not KEY.fullmatch(key):
            said = "Idempotency-Key is 1 to 255 visible ASCII characters."
            abort(unprocessable([{"pointer": "", "detail": said}]))
        digest = hashed(g.api_principal, request.method, request.path, key)
        fingerprint = sha256(request.get_data()).hexdigest()
        mine = secrets.token_hex(16)
        if not claim(digest, fingerprint, mine):
            return former(digest, fingerprint)
        row = (ApiAnswer.digest == digest) & (ApiAnswer.claim == mine)
        try:
            response = current_app.make_response(view(*args, **kwargs))
            kept = (
                update(ApiAnswer)
                .where(row)
                .values(
                    status=response.status_code,
                    location=response.headers.get("Location"),
                    body=response.get_data(as_text=True),
                )
                .returning(ApiAnswer.digest)
            )
            if db.session.execute(kept).first() is None:  # somebody took it for abandoned
                abort(409)
            if response.status_code >= 300:  # nothing was made: it may be tried again
                db.session.execute(delete(ApiAnswer).where(row))
            db.session.commit()
        except BaseException:
            db.session.rollback()
            db.session.execute(delete(ApiAnswer).where(row))
            db.session.commit()
            raise
        return response

    return cast("View", once)


def claim(digest: str, fingerprint: str, mine: str) -> bool:
    """Mark a key as being worked on, unless it is, or was."""
    now = int(time.time())
    times = {"now": now, "day_ago": now - KEPT, "minute_ago": now - ABANDONED}
    values = {"digest": digest, "fingerprint": fingerprint, "claim": mine, **times}
    claimed = db.session.execute(CLAIM, values).first() is not None
    db.session.commit()
    return claimed


def former(digest: str, fingerprint: str) -> Response:
    """Return what was answered before."""
    answer = db.session.get(ApiAnswer, digest)
    if answer is None or (answer.fingerprint == fingerprint and answer.status is None):
        abort(409)
    if answer.fingerprint != fingerprint:
        abort(422, "This key was used with another request.")
    response = Response(answer.body, answer.status, mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    if answer.location:
        response.headers["Location"] = answer.location
    return response


def hashed(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
