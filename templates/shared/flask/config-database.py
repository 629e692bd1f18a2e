def check_database(url: SecretStr) -> SecretStr:
    scheme = url.get_secret_value().partition("://")[0]
    if scheme not in DRIVERS:
        raise ValueError(f"cannot begin with {scheme[:20]!r}")
    if scheme != "sqlite" and find_spec("psycopg") is None:
        raise ValueError('needs psycopg: python -m pip install -e ".[postgresql]"')
    with suppress(ArgumentError, ValueError):
        make_url(url.get_secret_value())
        return url
    raise ValueError("is not the URL of a database")
