"""Signing in and out, and one's password: Django's views with this site's pages."""

from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from config.later import later
from pages.errors import error_page
from throttle import attempts
from users import mails
from users.access import signed_in_user
from users.forms import AddressForm, ChangePasswordForm, NewPasswordForm, SignInForm
from users.models import User

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
    form_class = ChangePasswordForm
    success_url = reverse_lazy("{{ 'users:password_change' if client else 'home' }}")

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
        tell_of_change(self.request, form.user.pk, form.user.get_username())
        messages.success(self.request, "Your password is changed.")
        return response


class PasswordReset(views.PasswordResetView):
    """Mails a link that sets a new password, and answers alike whatever is sent."""

    template_name = "users/password_reset.html"
    form_class = AddressForm
    success_url = reverse_lazy("users:sign_in")

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        mails.count(self.request, email)
        later(self.request, mails.reset, email)
        messages.success(self.request, "Look into your mailbox: a message is on its way.")
        return redirect(self.get_success_url())


class PasswordResetConfirm(views.PasswordResetConfirmView):
    """Sets the password of a mailed link, and so signs the user out everywhere."""

    template_name = "users/password_reset_confirm.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("users:sign_in")

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.validlink:
            return super().render_to_response(context, **kwargs)
        messages.error(self.request, "This link is no longer valid. Ask for a new one.")
        return redirect("users:password_reset")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            # Sent off twice at once, a link is good for the first: this waits for it.
            same = User.objects.filter(pk=form.user.pk, password=form.user.password)
            self.validlink = same.update(password=form.user.password) == 1
            if not self.validlink:
                return self.render_to_response({})
            response = super().form_valid(form)
        tell_of_change(self.request, form.user.pk, form.user.get_username())
        messages.success(self.request, "Your password is set. Sign in.")
        return response


def tell_of_change(request: HttpRequest, user: int, email: str) -> None:
    """Tell the log, and the user by mail, that the password is another one."""
    log.info("password changed", user=user)
    later(request, mails.changed, email)


def too_many_attempts(request: HttpRequest) -> HttpResponse:
    return error_page(request, HTTPStatus.TOO_MANY_REQUESTS)
