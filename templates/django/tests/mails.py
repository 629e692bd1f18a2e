"""What a test finds in the mailbox."""

import re
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.test.utils import CaptureQueriesContext

DEAD = "This link is no longer valid."


def link_in(message: EmailMessage) -> str:
    """Return the path of the link in a mail."""
    found = re.findall(rf"{re.escape(settings.SITE_URL)}(/\S+)", str(message.body))
    return str(found[0])


def kinds(queries: CaptureQueriesContext) -> list[str]:
    """Return what was asked of the database, without what differs each time."""
    asked = [query["sql"][:40] for query in queries]
    return [sql for sql in asked if "SAVEPOINT" not in sql]


def outside(response: Any) -> tuple[object, ...]:
    """Return what somebody without access to the mailbox can tell apart."""
    names = set(response.headers) - {"X-Request-ID", "Content-Security-Policy"}
    return response.status_code, response.headers.get("Location"), response.text, sorted(names)
