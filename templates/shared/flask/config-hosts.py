def check_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    if not hosts:
        raise ValueError("is empty")
    names = tuple(host.lower().removesuffix(".") for host in hosts)
    for name in names:
        if not HOST.fullmatch(name):
            raise ValueError(f"cannot hold {name!r}, which no request can ask for")
    return names
