"""The database settings that DATABASE_URL stands for."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# A writer waits for its turn from the start of its transaction (IMMEDIATE), and readers do not mind
# writers (WAL): several processes share one file without "database is locked".
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
# As many connections as a worker has threads (gunicorn.conf.py); a caller who finds none waits for
# `timeout` seconds. A statement ends after 30 seconds.
POSTGRESQL = {"pool": {"min_size": 1, "max_size": 4, "timeout": 3}, "connect_timeout": 5}
STATEMENT_TIMEOUT = "-c statement_timeout=30000"


def database_settings(url: str, base_dir: Path) -> dict[str, Any]:
    """Return the entry of `DATABASES` for an address; what its query says goes before the defaults.

    A relative path of SQLite counts from `base_dir`.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite":
        settings: dict[str, Any] = {**dj_database_url.parse(url)}
        name = str(settings["NAME"])
        settings["NAME"] = name if name == ":memory:" else str(base_dir / name)
        settings["OPTIONS"] = SQLITE | settings.get("OPTIONS", {})
        return settings
    if scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot begin with `{scheme}:`. Set it to `sqlite:///file`, "
            "`sqlite:////absolute/file` or `postgresql://user:password@host/name`."
        )
    url = f"postgresql:{rest}"
    settings = {**dj_database_url.parse(url, conn_health_checks=True)}
    options = POSTGRESQL | settings.get("OPTIONS", {})
    given = parse_qs(urlsplit(url).query, keep_blank_values=True).get("options")
    if given is None:
        options["options"] = STATEMENT_TIMEOUT
    elif given[-1]:
        options["options"] = f"{STATEMENT_TIMEOUT} {given[-1]}"  # the last word is the user's
    return settings | {"OPTIONS": options}
