"""The throttle: failures are counted in the database, for all workers.

An attempt is counted before it is made, so that many at once do not slip through, and taken back
where it succeeds. A window of time begins with the first and ends whatever comes, so that nobody
can lock a user out for good. Without the database nothing is counted, and so nothing is let through.
"""

import time
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest

from config.client import network
from throttle.models import Attempts

COUNT = """
    INSERT INTO throttle_attempts (digest, count, ends) VALUES (%(digest)s, 1, %(ends)s)
    ON CONFLICT (digest) DO UPDATE SET
        count = CASE WHEN throttle_attempts.ends <= %(now)s THEN 1
            ELSE throttle_attempts.count + 1 END,
        ends = CASE WHEN throttle_attempts.ends <= %(now)s THEN %(ends)s
            ELSE throttle_attempts.ends END
    RETURNING count, ends
"""


class TooManyAttempts(Exception):
    """Somebody has to wait; `throttle.middleware` tells them how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wait {seconds} seconds.")
        self.seconds = seconds


def count_sign_in(request: HttpRequest, email: str) -> None:
    """Count a password that is about to be tried; raise `TooManyAttempts` after too many."""
    count(settings.FAILURES_PER_ACCOUNT, "login", network(request), spelled(email))
    count(settings.FAILURES_PER_NETWORK, "login", network(request))


def forgive_sign_in(request: HttpRequest, email: str) -> None:
    """Take back what was counted for a password that was right.

    The failures at the account are forgotten. Those of the network are not: somebody's own account
    is no way around the limit.
    """
    take_back("login", network(request))
    account = digest("login", network(request), spelled(email))
    Attempts.objects.filter(digest=account).delete()
    Attempts.objects.filter(ends__lte=int(time.time())).delete()


def count(limit: int, *what: str) -> None:
    """Count an attempt at `what`; raise `TooManyAttempts` if it had `limit` in this window."""
    number, wait = counted(settings.THROTTLE_MINUTES * 60, *what)
    if number > limit:
        raise TooManyAttempts(wait)


def counted(window: int, *what: str) -> tuple[int, int]:
    """Count `what`; return how often it was in a window of so many seconds, and what is left of it."""
    now = int(time.time())
    values: dict[str, str | int] = {"digest": digest(*what), "now": now, "ends": now + window}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        number, ends = cursor.fetchone()
    return number, ends - now


def take_back(*what: str) -> None:
    """Count one attempt at `what` less."""
    Attempts.objects.filter(digest=digest(*what), count__gt=0).update(count=F("count") - 1)


def digest(*what: str) -> str:
    """Return the key of a row; addresses of mail or network do not stand in it to be read."""
    return sha256("\0".join(what).encode()).hexdigest()


def spelled(email: str) -> str:
    """Return the one spelling that an account counts by."""
    return email.strip().lower()[:255]
