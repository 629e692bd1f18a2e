"""Fragments: htmx asks for what is new of a page, and gets the page without what is around it.

A template that begins with `{% extends layout %}` has both. What is no fragment, as an error page,
takes the place of the whole page, and whoever has to sign in is sent there by the browser itself.
"""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers

from config.middleware import View

# htmx says `partial` here for what goes into a page, and `full` for what takes its place.
HEADER = "HX-Request-Type"


def is_asked_for(request: HttpRequest) -> bool:
    """Tell whether a part of a page is asked for; a browser, and htmx going back, want all of it."""
    return request.headers.get(HEADER) == "partial"


def layout(request: HttpRequest) -> dict[str, Any]:
    """Name the template around the content of a page."""
    return {"layout": "fragment.html" if is_asked_for(request) else "page.html"}


def fragments(get_response: View) -> View:
    """Keep fragments and pages apart in every cache, and whole pages out of a part of one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if is_asked_for(request):
            sign_in = resolve_url(settings.LOGIN_URL)
            if response.headers.get("Location", "").startswith(sign_in):
                response = HttpResponse(
                    status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": response["Location"]}
                )
            elif _is_whole(response):
                response["HX-Retarget"] = "body"
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, [HEADER])
        return response

    return middleware


def _is_whole(response: HttpResponse) -> bool:
    if response.streaming:
        return False
    return response.content.lstrip()[:14].lower() == b"<!doctype html"


class Refusing:
    """Answers a form that is refused with 422 instead of 200; the page is the same."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
