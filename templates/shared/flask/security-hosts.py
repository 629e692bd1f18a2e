@lru_cache(maxsize=1024)
def known_host(host: str, allowed: tuple[str, ...]) -> tuple[str, bool]:
    """Return the host to work with, its port with it, and whether it is on the list.

    `.name` in the list stands for all below it. What is no host gets a name that never is.
    """
    match = HOST.fullmatch(host.lower())
    name, port = match.groups("") if match else ("invalid.", "")
    below = (one for one in allowed if one.startswith("."))
    return f"{name}{port}", name in allowed or any(f".{name}".endswith(one) for one in below)


def check_host() -> None:
    if request.environ.get(FOREIGN):
        raise SecurityError(f"Host {request.host!r} is not in ALLOWED_HOSTS.")
