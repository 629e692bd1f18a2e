"""How many requests a minute a token and a network may make, counted for all workers."""

from http import HTTPStatus
from ipaddress import ip_address, ip_network
from time import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from api.models import RequestCount
from api.problems import Problem
from config import client

MINUTE = 60


def count(request: HttpRequest, token: str) -> None:
    """Count a request for its network, and for its token if it has a good one; refuse too many."""
    allowed = {}  # in this order everywhere: two requests never wait for each other
    if settings.API_LIMIT_NETWORK:
        allowed[network(request)] = settings.API_LIMIT_NETWORK
    if settings.API_LIMIT_TOKEN and token:
        allowed[token] = settings.API_LIMIT_TOKEN
    if not allowed:
        return
    now = time()
    counts = _add_one(list(allowed), int(now // MINUTE))
    if any(counts[key] > limit for key, limit in allowed.items()):
        wait = MINUTE - int(now % MINUTE)
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})


def network(request: HttpRequest) -> str:
    """Return the network of a client: one person may have all the addresses of it."""
    address = ip_address(client.address(request))
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))


def _add_one(keys: list[str], minute: int) -> dict[str, int]:
    table = connection.ops.quote_name(RequestCount._meta.db_table)
    rows = ", ".join(["(%s, %s, 1)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, minute, count) VALUES {rows} "  # noqa: S608 - no value in it
            f"ON CONFLICT (key, minute) DO UPDATE SET count = {table}.count + 1 "
            "RETURNING key, count",
            [value for key in keys for value in (key, minute)],
        )
        return dict(cursor.fetchall())


def prune() -> int:
    """Delete the counts of minutes that are over."""
    over = RequestCount.objects.filter(minute__lt=int(time() // MINUTE))
    return over.delete()[0]
