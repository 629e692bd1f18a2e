"""Error pages. They stand alone: no database, no session, nothing that may be broken as well."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

ADVICE = {
    HTTPStatus.BAD_REQUEST: "The site could not read what the browser sent.",
    HTTPStatus.FORBIDDEN: "You are not allowed to see this.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address. Check its spelling.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not answer to such a request.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What you sent is larger than this site accepts.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many attempts. Wait a quarter of an hour, then try again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side. Trying again later may help.",
}
STALE_FORM = (
    "The form was open for too long, or cookies are off. Go back, reload and send it again."
)


def error_page(status: HTTPStatus, advice: str | None = None) -> HttpResponse:
    """Return the page for a status, with what a visitor can do about it."""
    context = {
        "brand": settings.SITE_NAME,
        "status": status.value,
        "title": status.phrase,
        "advice": advice or ADVICE[status],
        "icon": _static("favicon.svg"),
        "stylesheet": _static("site.css"),
    }
    return HttpResponse(render_to_string("error.html", context), status=status)


def _static(name: str) -> str | None:
    """Return a static file's address, or nothing where static files were never collected."""
    try:
        return static(name)
    except ValueError:
        return None


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is malformed or for a host not served."""
    return error_page(HTTPStatus.BAD_REQUEST)


def permission_denied(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what the user may not do."""
    return error_page(HTTPStatus.FORBIDDEN)


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token."""
    return error_page(HTTPStatus.FORBIDDEN, STALE_FORM)


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what does not exist."""
    return error_page(HTTPStatus.NOT_FOUND)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer a request that failed."""
    return error_page(HTTPStatus.INTERNAL_SERVER_ERROR)
