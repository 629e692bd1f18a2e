"""Who is asking: the client's address, as far as it can be trusted."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - a value to log, not an address to listen on
IPV6_NETWORK = 64


def address(request: HttpRequest) -> str:
    """Return the address of the client.

    Each of the TRUSTED_PROXY_COUNT proxies in front appends the address it was called from to
    X-Forwarded-For, so the client's is that many entries from the right. What stands further left
    is whatever the client sent. With no proxy, or a header too short, the peer's address counts.
    """
    count = settings.TRUSTED_PROXY_COUNT
    chain = request.headers.get("X-Forwarded-For", "").split(",")
    peer = request.META.get("REMOTE_ADDR", "")
    candidate = chain[-count].strip() if 0 < count <= len(chain) else peer
    for text in (candidate, peer):
        try:
            return str(_plain(ip_address(text)))
        except ValueError:
            continue
    return UNKNOWN


def _plain(client: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address in an IPv6 one: a socket for both has all of IPv4 in one network."""
    return getattr(client, "ipv4_mapped", None) or client


def network(request: HttpRequest) -> str:
    """Return what counts as one client for limits.

    That is the address, or the network of an IPv6 address, since one customer has all of it.
    """
    client = ip_address(address(request))
    if isinstance(client, IPv6Address):
        return str(ip_network((client, IPV6_NETWORK), strict=False).network_address)
    return str(client)
