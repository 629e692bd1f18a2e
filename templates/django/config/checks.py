"""What `manage.py check --deploy` looks at besides Django's own: whether pages will work here."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Info, Warning, register
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor


def faults() -> Iterator[tuple[str, str]]:
    """Return what keeps pages from working, each with what to do about it."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError) as error:
        yield f"The database does not answer: {error}", "Look at DATABASE_URL, and the server."
    else:
        if plan:
            yield f"{len(plan)} migrations are not applied.", "Run: manage.py migrate"
    try:
        staticfiles_storage.url("site.css")
    except ValueError:
        yield "Static files are not collected.", "Run: manage.py collectstatic --noinput"
    if os.environ.get("MEDIA_ROOT", "").strip():
        with suppress(OSError):  # as the first upload would
            os.makedirs(settings.MEDIA_ROOT, exist_ok=True)
        if not os.access(settings.MEDIA_ROOT, os.W_OK):
            yield f"{settings.MEDIA_ROOT} cannot be written to.", "Make it, or look at MEDIA_ROOT."


@register(deploy=True)
def ready(**_: Any) -> list[CheckMessage]:
    return [Warning(text, hint=hint, id="config.W001") for text, hint in faults()]


@register(deploy=True)
def derived(**_: Any) -> list[CheckMessage]:
    """Name the settings that nobody set, with the values that they have."""
    return [
        Info(f"{name} is not set: it is {getattr(settings, name)}.", id="config.I001")
        for name in ("SITE_URL", "MEDIA_ROOT", "DEFAULT_FROM_EMAIL")
        if not os.environ.get(name, "").strip()
    ]
