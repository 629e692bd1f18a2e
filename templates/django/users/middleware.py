"""Who gets in, how long a session lasts, and that nothing keeps a copy of signed-in pages."""

import time
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config.middleware import View
from pages.errors import error_page, prefers_json

SIGNED_IN = "signed_in_at"
SEEN = "seen_at"
SEEN_EVERY = 60


class SignInRequired(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page; a program is told that it has to sign in."""

    # Django's types know the redirect alone.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if prefers_json(request):
            return error_page(request, HTTPStatus.UNAUTHORIZED)
        return super().handle_no_permission(request, view_func)


def sessions_end(get_response: View) -> View:
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
