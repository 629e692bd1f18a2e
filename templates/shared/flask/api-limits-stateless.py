"""How many requests a minute a token and a network may make; each process counts for itself."""

import time
from collections import Counter
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from app.api.tokens import Token


class Minute:
    """What was asked in the current minute, by token and by network."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.number = 0
        self.requests: Counter[str] = Counter()

    def count(self, number: int, names: dict[str, int]) -> bool:
        """Count a request; tell whether one of `names` has made more than it may."""
        with self.lock:
            if number != self.number:
                self.number = number
                self.requests.clear()
            self.requests.update(names.keys())
            return any(self.requests[name] > limit for name, limit in names.items())


def init_app(app: Flask) -> None:
    app.extensions["api_minute"] = Minute()


def count(token: Token | None) -> None:
    """Count a request; raise `TooManyRequests` if its network, or its token, made too many."""
    settings = current_app.config["SETTINGS"]
    limits = {}
    if settings.api_limit_network:
        limits[f"network {network()}"] = settings.api_limit_network
    if token and settings.api_limit_token:
        limits[f"token {token.name}"] = settings.api_limit_token
    now = int(time.time())
    if current_app.extensions["api_minute"].count(now // 60, limits):
        raise TooManyRequests(retry_after=60 - now % 60)


{% include 'templates/shared/flask/api-network.py' %}
