"""What counts as a wrong password, in the admin's pages, and the answer to too many."""

from http import HTTPStatus
from typing import Any

import structlog
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse

from users.access import signed_in_user

log = structlog.get_logger("users")


class PasswordChange(views.PasswordChangeView):
    """Counts a wrong present password as a failed sign-in: an open session is no place to guess."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not AxesProxyHandler.is_allowed(request, self._credentials()):
            return too_many_attempts(request, None, None)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        if form.has_error("old_password", "password_incorrect"):
            user_login_failed.send(
                sender=__name__, request=self.request, credentials=self._credentials()
            )
        return super().form_invalid(form)

    def _credentials(self) -> dict[str, str]:
        return {"username": signed_in_user(self.request).get_username()}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        log.info("password changed", user=form.user.pk)
        return response


def account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the account that an attempt counts for, the same for every spelling of it."""
    given = (credentials or request.POST).get("username") or ""
    return str(given).strip().lower()[:255]


def too_many_attempts(
    _request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any] | None
) -> HttpResponse:
    return HttpResponse(
        "Too many attempts. Wait a quarter of an hour, then try again.\n",
        status=HTTPStatus.TOO_MANY_REQUESTS,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(int(settings.AXES_COOLOFF_TIME.total_seconds()))},
    )
