"""How django-axes counts sign-in attempts, and what a client reads that made too many."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pages.errors import error_page


def account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the account an attempt is for, the same for every spelling that signs in to it."""
    given = (credentials or request.POST).get("username") or ""
    return str(given).strip().lower()[:255]


def too_many_attempts(
    _request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer an attempt past the limit; the wait starts at the last attempt that counted."""
    response = error_page(HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response
