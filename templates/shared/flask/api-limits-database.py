"""How many requests a minute a token and a network may make, over all workers."""

import time
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request
from sqlalchemy import text
from werkzeug.exceptions import TooManyRequests

from app.api.models import ApiToken
from app.extensions import db

COUNT = "INSERT INTO api_requests (digest, minute, count) VALUES {rows} "
COUNT += "ON CONFLICT (digest, minute) DO UPDATE SET count = api_requests.count + 1 "
COUNT += "RETURNING digest, count"
COUNT_ONE = text(COUNT.format(rows="(:first, :minute, 1)"))
COUNT_TWO = text(COUNT.format(rows="(:first, :minute, 1), (:second, :minute, 1)"))


def count(token: ApiToken | None) -> None:
    """Count a request; raise `TooManyRequests` if its network, or its token, made too many."""
    settings = current_app.config["SETTINGS"]
    limits = {}
    if settings.api_limit_network:
        limits[digest("network", network())] = settings.api_limit_network
    if token and settings.api_limit_token:
        limits[digest("token", str(token.id))] = settings.api_limit_token
    if not limits:
        return
    now = int(time.time())
    names = dict(zip(("first", "second"), limits, strict=False))
    statement = COUNT_ONE if len(limits) == 1 else COUNT_TWO
    counted = db.session.execute(statement, {"minute": now // 60, **names}).all()
    db.session.commit()
    if any(number > limits[key] for key, number in counted):
        raise TooManyRequests(retry_after=60 - now % 60)


{% include 'templates/shared/flask/api-network.py' %}


def digest(*what: str) -> str:
    """Return the key of a row; no address stands in it to be read."""
    return sha256("\0".join(what).encode()).hexdigest()
