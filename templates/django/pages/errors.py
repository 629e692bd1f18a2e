"""Error pages. They stand alone: no database, no session, nothing that may be broken as well."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme

ADVICE = {
    HTTPStatus.BAD_REQUEST: "The site could not read what the browser sent.",
    HTTPStatus.UNAUTHORIZED: "Sign in first.",
    HTTPStatus.FORBIDDEN: "You are not allowed to see this.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address. Check its spelling.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not answer to such a request.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What you sent is larger than this site accepts.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many attempts. Wait a while, then try again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side. Trying again later may help.",
}
STALE_FORM = "The form was open too long, or cookies are off. Go back, reload and send it again."


def prefers_json(request: HttpRequest) -> bool:
    """Tell whether a program asks: it sent JSON, or would rather have it than a page."""
    accepted = request.get_preferred_type(["text/html", "application/json"])
    return request.content_type == "application/json" or accepted == "application/json"


def error_page(
    request: HttpRequest, status: HTTPStatus, advice: str = "", back: str = ""
) -> HttpResponse:
    """Return the page for a status, with what a visitor can do about it; programs get JSON."""
    advice = advice or ADVICE[status]
    if prefers_json(request):
        problem = {"title": status.phrase, "status": status.value, "detail": advice}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {
        "brand": settings.SITE_NAME,
        "status": status,
        "advice": advice,
        "back": back,
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token; where no form would do, that is what is said."""
    match = request.resolver_match
    view = getattr(match.func, "view_class", None) if match else None
    if view and not hasattr(view, (request.method or "").lower()):
        allowed = [name.upper() for name in view.http_method_names if hasattr(view, name)]
        return HttpResponseNotAllowed(allowed)
    return error_page(request, HTTPStatus.FORBIDDEN, STALE_FORM)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what does not exist, with the way back to a page of this site."""
    referrer = request.headers.get("Referer", "")
    from_here = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return error_page(request, HTTPStatus.NOT_FOUND, back=referrer if from_here else "")


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
