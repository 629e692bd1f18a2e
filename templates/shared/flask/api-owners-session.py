def of_session() -> str | None:
    """Return the visitor of a page: whoever was given the token of a form."""
    known = session.get("csrf_token")
    return f"page {sha256(known.encode()).hexdigest()}" if known else None


def shown() -> dict[str, Any] | None:
    """Return what a user would be told about themselves."""
    return None
