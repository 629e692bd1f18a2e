"""How long a session lasts, and that nothing keeps a copy of signed-in pages."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

SIGNED_IN = "signed_in_at"
SEEN = "seen_at"
SEEN_EVERY = 60


def sessions_end(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Sign out sessions that are idle or old, and forbid storing the pages of the others."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.user.is_anonymous:
            return get_response(request)
        now = int(time.time())
        session = request.session
        signed_in = session.setdefault(SIGNED_IN, now)
        seen = session.get(SEEN, signed_in)
        if (
            now - signed_in > settings.SESSION_LIFETIME.total_seconds()
            or now - seen > settings.SESSION_IDLE_LIFETIME.total_seconds()
        ):
            logout(request)
        elif now - seen >= SEEN_EVERY:
            session[SEEN] = now
        response = get_response(request)
        response["Cache-Control"] = "no-store"
        return response

    return middleware
