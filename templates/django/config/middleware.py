"""What happens around every request: its log line, its headers, probes, and what is refused."""

import re
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property

from config import client
from config.checks import faults
from pages.errors import error_page, prefers_json

View = Callable[[HttpRequest], HttpResponse]

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
PROBES = ("/livez", "/readyz")
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
                # Without a query for requests that never looked who is there
                user=getattr(getattr(request, "_cached_user", None), "pk", None),
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        response["X-Request-ID"] = request_id
        # Django has no setting for this one.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def _request_id(request: HttpRequest) -> str:
    """Return the id that a trusted proxy gave the request, or a new one."""
    given: str = request.META.get("HTTP_X_REQUEST_ID", "")
    if settings.TRUSTED_PROXY_COUNT and re.fullmatch(r"[A-Za-z0-9._-]{8,128}", given):
        return given
    return secrets.token_hex(16)


class ContentSecurityPolicy(CSPMiddleware):
    """Builds the policy of pages without a nonce once; the library does so for each response."""

    @cached_property
    def usual(self) -> str:
        """The policy for all, or nothing where settings tell addresses apart or only report."""
        report = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
        is_for_all = settings.CONTENT_SECURITY_POLICY.keys() == {"DIRECTIVES"} and not report
        return build_policy() if is_for_all and not settings.DEBUG else ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        has_own = any(name.startswith("_csp") for name in vars(response))
        if has_own or hasattr(request, "_csp_nonce") or not self.usual:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response


def refusals(get_response: View) -> View:
    """Refuse methods that no view uses, and bodies over the limit, before anything reads them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_BODY_LIMIT:
            return error_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if request.method in METHODS:
            response = get_response(request)
        else:
            response = HttpResponseNotAllowed(METHODS)
        if isinstance(response, HttpResponseNotAllowed):
            # Where a view refuses a method, Django answers with an empty page.
            page = error_page(request, HTTPStatus.METHOD_NOT_ALLOWED)
            page["Allow"] = response["Allow"]
            return page
        if settings.DEBUG and response.status_code == 404 and prefers_json(request):
            # In development Django has a page for people instead of `handler404`.
            return error_page(request, HTTPStatus.NOT_FOUND)
        return response

    return middleware


def probes(get_response: View) -> View:
    """Answer a supervisor: `/livez`, the process answers; `/readyz`, pages will work.

    Before the host is checked and over plain http, since a probe calls an address.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path not in PROBES:
            return get_response(request)
        fault = next(faults(), None) if request.path == "/readyz" else None
        if fault:
            log.error("not ready", fault=fault[0], remedy=fault[1])
        return HttpResponse(
            "unavailable\n" if fault else "ok\n",
            status=HTTPStatus.SERVICE_UNAVAILABLE if fault else HTTPStatus.OK,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )

    return middleware
