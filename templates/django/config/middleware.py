"""What happens around every request: its log line, its headers, and what is refused at once."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from config import client
from config.probes import PROBES
from pages.errors import error_page

View = Callable[[HttpRequest], HttpResponse]

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
log = structlog.get_logger("config.request")


def request_log(get_response: View) -> View:
    """Write one line a response, and bind the request's id and address to every line on the way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = _request_id(request)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(
            request_id=request_id, address=client.address(request)
        ):
            response = get_response(request)
            # The query string is left out: it may hold what people typed.
            write = log.debug if request.path in PROBES else log.info
            write(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                user=_user_id(request),
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        response["X-Request-ID"] = request_id
        return response

    return middleware


def _request_id(request: HttpRequest) -> str:
    """Return the id that a trusted proxy gave the request, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    if settings.TRUSTED_PROXY_COUNT and re.fullmatch(r"[A-Za-z0-9._-]{8,128}", given):
        return given
    return uuid4().hex


def _user_id(request: HttpRequest) -> int | None:
    """Return who was signed in, without a query for requests that never looked."""
    user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)


def response_headers(get_response: View) -> View:
    """Set the headers that Django has no setting for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def refusals(get_response: View) -> View:
    """Refuse methods that no view uses, and bodies over the limit, before anything reads them.

    Where a view refuses a method, Django answers with an empty page: it gets one too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return _not_allowed(", ".join(METHODS))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_BODY_LIMIT:
            return error_page(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return _not_allowed(response["Allow"])
        return response

    return middleware


def _not_allowed(methods: str) -> HttpResponse:
    """Return the page of a refused method, and name those that would do."""
    response = error_page(HTTPStatus.METHOD_NOT_ALLOWED)
    response["Allow"] = methods
    return response
