"""The database settings that DATABASE_URL stands for."""

from pathlib import Path
from typing import Any

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
# `timeout` seconds, and a statement ends after 30.
POSTGRESQL = {
    "pool": {"min_size": 1, "max_size": 4, "timeout": 3},
    "options": "-c statement_timeout=30000",
}


def database_settings(url: str, base_dir: Path) -> dict[str, Any]:
    """Return the entry of `DATABASES` for an address.

    A relative path of SQLite counts from `base_dir`. Raises `ImproperlyConfigured` for a database
    other than SQLite and PostgreSQL.
    """
    scheme = url.partition(":")[0]
    if scheme not in {"sqlite", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot begin with `{scheme}:`. Set it to `sqlite:///file`, "
            "`sqlite:////absolute/file` or `postgresql://user:password@host/name`."
        )
    settings: dict[str, Any] = {**dj_database_url.parse(url)}
    if scheme == "sqlite":
        name = str(settings["NAME"])
        settings["NAME"] = name if name == ":memory:" else str(base_dir / name)
        settings["OPTIONS"] = SQLITE
    else:
        settings["CONN_HEALTH_CHECKS"] = True
        settings["OPTIONS"] = POSTGRESQL | settings.get("OPTIONS", {})
    return settings
