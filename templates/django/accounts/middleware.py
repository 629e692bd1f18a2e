"""Staff need a second factor: without one they reach nothing but the page that sets it up."""

from http import HTTPStatus

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.middleware import View
from pages.errors import error_page, prefers_json

NEEDED = "Staff need a second factor. Set it up to go on."


def staff_second_factor(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_missing(request):
            return get_response(request)
        page = reverse("mfa_index")
        if request.path.startswith((page, reverse("users:sign_out"))):
            return get_response(request)
        if prefers_json(request):
            return error_page(request, HTTPStatus.FORBIDDEN, NEEDED)
        messages.warning(request, NEEDED)
        return redirect(page)

    return middleware


def is_missing(request: HttpRequest) -> bool:
    """Tell whether somebody of the staff is signed in without a second factor."""
    if not settings.STAFF_SECOND_FACTOR or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return (
        request.user.is_authenticated and request.user.is_staff and not is_mfa_enabled(request.user)
    )
