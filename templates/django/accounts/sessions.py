"""The sessions of a user: where they are, since when, and how they end."""

import re
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from users.access import signed_in_user
from users.middleware import SEEN, SIGNED_IN
from users.models import User

# What the name that a browser gives itself tells; the first that is found counts.
BROWSERS = (
    *(("Firefox", "Firefox/"), ("Edge", "Edg/"), ("Opera", "OPR/")),
    *(("Chrome", "Chrome/|CriOS/"), ("Safari", "Safari/")),
)
SYSTEMS = (
    *(("Android", "Android"), ("iOS", "iPhone|iPad"), ("Windows", "Windows")),
    *(("macOS", "Mac OS X"), ("Linux", "Linux|X11")),
)


def sessions_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sessions of whoever asks as a page shows them, this one first."""
    # A session from before the project had accounts has no row yet.
    UserSession.objects.create_from_request(request)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = []
    for session in UserSession.objects.purge_and_list(signed_in_user(request)):
        is_this = session.session_key == request.session.session_key
        kept = request.session if is_this else store(session.session_key)
        since = kept.get(SIGNED_IN, session.created_at.timestamp())
        found.append(
            {
                "id": session.pk,
                "is_this": is_this,
                "browser": browser(session.user_agent),
                "address": session.ip,
                "since": datetime.fromtimestamp(since, UTC),
                "seen": datetime.fromtimestamp(kept.get(SEEN, since), UTC),
            }
        )
    return sorted(found, key=lambda one: (one["is_this"], one["seen"]), reverse=True)


def end_others(request: HttpRequest, user: User) -> None:
    """Sign `user` out in all browsers but the one that asks."""
    for session in UserSession.objects.filter(user=user):
        if session.session_key != request.session.session_key:
            session.end()


def browser(user_agent: str) -> str:
    """Return what a browser calls itself, in words."""

    def first(names: tuple[tuple[str, str], ...], unknown: str) -> str:
        return next((name for name, mark in names if re.search(mark, user_agent)), unknown)

    return f"{first(BROWSERS, 'A browser')} on {first(SYSTEMS, 'another system')}"
