"""The throttle: attempts are counted in the database, for all workers, before they are made.

A window of time begins with the first attempt and ends whatever comes, so that nobody can lock
a user out for good. Without the database nothing is counted, and so nothing is let through.
"""

import time
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request
from sqlalchemy import delete, text
from werkzeug.exceptions import TooManyRequests

from app.accounts.models import Attempts
from app.extensions import db

WINDOW = 15 * 60
COUNT = text("""
    INSERT INTO attempts (digest, count, ends) VALUES (:digest, 1, :ends)
    ON CONFLICT (digest) DO UPDATE SET
        count = CASE WHEN attempts.ends <= :now THEN 1 ELSE attempts.count + 1 END,
        ends = CASE WHEN attempts.ends <= :now THEN :ends ELSE attempts.ends END
    RETURNING count, ends
""")


def count(limit: int, *what: object) -> None:
    """Count an attempt at `what`; raise `TooManyRequests` if it had `limit` in this window."""
    now = int(time.time())
    values = {"digest": digest(*what), "now": now, "ends": now + WINDOW}
    number, ends = db.session.execute(COUNT, values).one()
    db.session.commit()
    if number > limit:
        raise TooManyRequests("Too many attempts.", retry_after=ends - now)


def forget(*what: object) -> None:
    """Forget the attempts at `what`, which has succeeded, and those whose window has ended."""
    ended = Attempts.ends <= int(time.time())
    db.session.execute(delete(Attempts).where(ended | (Attempts.digest == digest(*what))))


def digest(*what: object) -> str:
    """Return the key of a row; addresses of mail or network do not stand in it to be read."""
    return sha256("\0".join(map(str, what)).encode()).hexdigest()


def network() -> str:
    """Return where the request comes from; a client with IPv6 has a whole /64 to itself."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)
