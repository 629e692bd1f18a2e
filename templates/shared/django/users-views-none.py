"""What counts as a wrong password, in the admin's pages, and the answer to too many."""

from http import HTTPStatus
from typing import Any

import structlog
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse

from throttle import attempts
from users.access import signed_in_user

log = structlog.get_logger("users")


class PasswordChange(views.PasswordChangeView):
    """Counts a wrong present password as a failed sign-in: an open session is no place to guess."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        email = signed_in_user(request).email
        attempts.count_sign_in(request, email)
        form = self.get_form()
        right = form.is_valid() or not form.has_error("old_password", "password_incorrect")
        if right:
            attempts.forgive_sign_in(request, email)
        else:
            log.warning("password refused", user=request.user.pk)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        log.info("password changed", user=form.user.pk)
        return response


def too_many_attempts(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "Too many attempts. Wait a while, then try again.\n",
        status=HTTPStatus.TOO_MANY_REQUESTS,
        content_type="text/plain; charset=utf-8",
    )
