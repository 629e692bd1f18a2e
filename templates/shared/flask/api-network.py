def network() -> str:
    """Return where the request comes from: the /24 of an IPv4, the /64 of an IPv6 address."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    # A socket for both kinds shows IPv4 addresses as IPv6 ones of a single network.
    address = getattr(address, "ipv4_mapped", None) or address
    bits = 64 if isinstance(address, IPv6Address) else 24
    return str(ip_network((address, bits), strict=False))
