"""Who is asking: the client's address, as far as it can be trusted."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """Return the address of the client.

    Each of the TRUSTED_PROXY_COUNT proxies in front appends the address it was called from to
    X-Forwarded-For, so the client's is that many entries from the right. What stands further left
    is whatever the client sent. With no proxy, or a header too short, the peer's address counts.
    """
    count = settings.TRUSTED_PROXY_COUNT
    chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    peer = request.META.get("REMOTE_ADDR", "")
    candidate = chain[-count].strip() if 0 < count <= len(chain) else peer
    for text in (candidate, peer):
        try:
            client = ip_address(text)
        except ValueError:
            continue
        # A socket for both kinds has all of IPv4 in one network of IPv6.
        return str(getattr(client, "ipv4_mapped", None) or client)
    return "0.0.0.0"  # noqa: S104 - a value to log, not an address to listen on


def network(request: HttpRequest) -> str:
    """Return what counts as one client: the network of an IPv6 address, all of it one customer's."""
    client = ip_address(address(request))
    if isinstance(client, IPv6Address):
        return str(ip_network((client, 64), strict=False).network_address)
    return str(client)
