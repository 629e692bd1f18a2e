"""The throttle: failures are counted in the database, for all workers.

An attempt is counted before it is made, so that many at once do not slip through, and taken back
where it succeeds. A window of time begins with the first and ends whatever comes, so that nobody
can lock a user out for good. Without the database nothing is counted, and so nothing is let through.
"""

import time
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request
from sqlalchemy import delete, select, text, update
from werkzeug.exceptions import TooManyRequests

from app.accounts.models import Attempts
from app.accounts.settings import AccountsSettings
from app.extensions import db

DAY = 24 * 60 * 60
COUNT = text("""
    INSERT INTO attempts (digest, count, ends) VALUES (:digest, 1, :ends)
    ON CONFLICT (digest) DO UPDATE SET
        count = CASE WHEN attempts.ends <= :now THEN 1 ELSE attempts.count + 1 END,
        ends = CASE WHEN attempts.ends <= :now THEN :ends ELSE attempts.ends END
    RETURNING count, ends
""")


def settings() -> AccountsSettings:
    """Return the limits."""
    found: AccountsSettings = current_app.config["SETTINGS"]
    return found


def count_sign_in(email: str) -> None:
    """Count a password that is about to be tried; raise `TooManyRequests` after too many."""
    count(settings().failures_per_account, "login", network(), email)
    count(settings().failures_per_network, "login", network())
    add(DAY, "login", "anywhere", email)


def take_back_sign_in(email: str) -> None:
    """Take back what was counted for a password that was right."""
    for what in (("login", network(), email), ("login", network()), ("login", "anywhere", email)):
        take_back(*what)


def forgive_sign_in(email: str) -> None:
    """Take back what was counted for somebody who is in.

    The failures at the account are forgotten. Those of the network are not: somebody's own account
    is no way around the limit. Who owes a code is not in, or a known password would be a way around
    the limit of codes.
    """
    take_back_sign_in(email)
    account = Attempts.digest == digest("login", network(), email)
    db.session.execute(delete(Attempts).where(account | (Attempts.ends <= int(time.time()))))


def count_code(email: str) -> None:
    """Count a code that is about to be tried, by somebody who knows the password."""
    count_sign_in(email)
    count(settings().codes_per_account, "code", email)


def forgive_code(email: str) -> None:
    """Take back what was counted for a code that was right."""
    take_back("code", email)
    forgive_sign_in(email)


def is_worth_a_notice(email: str) -> bool:
    """Tell, once a day, whether an account has seen many failures."""
    seen = Attempts.digest == digest("login", "anywhere", email)
    failures = db.session.scalar(select(Attempts.count).where(seen)) or 0
    limit = settings().failures_before_notice
    return failures >= limit and add(DAY, "notice", email)[0] == 1


def count_mail(email: str) -> None:
    """Count a mail that was asked for, whether the address has an account or not."""
    count(settings().mails_per_network_to_address, "mail", network(), email)
    count(settings().mails_per_address, "mail", "to", email)
    count(settings().mails_per_network, "mail", network())


def forgive_mail() -> None:
    """Take back what was counted for a mail from this network that has led to an account."""
    take_back("mail", network())


def count(limit: int, *what: str) -> None:
    """Count an attempt at `what`; raise `TooManyRequests` if it had `limit` in this window."""
    number, wait = add(settings().throttle_minutes * 60, *what)
    if number > limit:
        raise TooManyRequests("Too many attempts.", retry_after=wait)


def add(seconds: int, *what: str) -> tuple[int, int]:
    """Return the number of attempts in a window of time, with this one, and when it is over."""
    now = int(time.time())
    values = {"digest": digest(*what), "now": now, "ends": now + seconds}
    number, ends = db.session.execute(COUNT, values).one()
    db.session.commit()
    return number, ends - now


def take_back(*what: str) -> None:
    """Count one attempt at `what` less."""
    counted = (Attempts.digest == digest(*what)) & (Attempts.count > 0)
    db.session.execute(update(Attempts).where(counted).values(count=Attempts.count - 1))


def digest(*what: str) -> str:
    """Return the key of a row; addresses of mail or network do not stand in it to be read."""
    return sha256("\0".join(what).encode()).hexdigest()


def network() -> str:
    """Return where the request comes from; a client with IPv6 has a whole /64 to itself."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    # A socket for both kinds shows IPv4 addresses as IPv6 ones of a single network.
    address = getattr(address, "ipv4_mapped", None) or address
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)
