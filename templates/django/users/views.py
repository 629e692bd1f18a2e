"""Signing in and out, and changing one's password: Django's views with this site's pages."""

from typing import Any

import structlog
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy

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
        """Tell the browser to drop what it holds of the site.

        Cookies are left out: the header would take those of every neighbouring subdomain along,
        and the session is gone already.
        """
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class PasswordChange(views.PasswordChangeView):
    """Asks for the present password and a new one; every other session of the user ends."""

    template_name = "users/password_change.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Store the new password and say so."""
        response = super().form_valid(form)
        log.info("password changed", user=form.user.pk)
        messages.success(self.request, "Your password is changed.")
        return response
