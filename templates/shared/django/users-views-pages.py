"""Signing in and out, and changing one's password: Django's views with this site's pages."""

from http import HTTPStatus
from typing import Any

import structlog
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy

from pages.errors import error_page
from users.access import signed_in_user
from users.forms import SignInForm

log = structlog.get_logger("users")


class SignIn(views.LoginView):
    """The one sign-in page, for the site and its admin."""

    template_name = "users/sign_in.html"
    authentication_form = SignInForm


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Send strangers to the one sign-in page; for users who are not staff there is nothing."""
    if request.user.is_authenticated:
        raise Http404
    return views.redirect_to_login(request.GET.get("next", ""))


class SignOut(views.LogoutView):
    """Ends the session; by POST alone, so that no link or image can do it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        # Not "cookies", which would take those of every neighbouring subdomain along.
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class PasswordChange(views.PasswordChangeView):
    """Counts a wrong present password as a failed sign-in: an open session is no place to guess."""

    template_name = "users/password_change.html"
    success_url = reverse_lazy("home")

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
        messages.success(self.request, "Your password is changed.")
        return response


def account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the account that an attempt counts for, the same for every spelling of it."""
    given = (credentials or request.POST).get("username") or ""
    return str(given).strip().lower()[:255]


def too_many_attempts(
    request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any] | None
) -> HttpResponse:
    response = error_page(request, HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response
