"""The admin: Django's own, save for what counts as a guess and what a sign-out leaves behind."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from users.models import User
from users.views import PasswordChange


class SignInForm(AdminAuthenticationForm):
    """Counts the right password of somebody who is not staff as a wrong one: it looks like one."""

    def confirm_login_allowed(self, user: User) -> None:
        try:
            super().confirm_login_allowed(user)
        except ValidationError:
            credentials = {"username": user.get_username()}
            user_login_failed.send(sender=__name__, request=self.request, credentials=credentials)
            raise


class Office(AdminSite):
    site_header = site_title = settings.SITE_NAME
    site_url = None  # no page to go back to
    login_form = SignInForm

    # Django's types know the page alone.
    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        view = PasswordChange.as_view(
            form_class=AdminPasswordChangeForm,
            success_url=reverse("admin:password_change_done"),
            extra_context=self.each_context(request) | (extra_context or {}),
        )
        return view(request)

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """End the session; by POST alone, so that no link or image can do it."""
        response = super().logout(request, extra_context)
        # Not "cookies", which would take those of every neighbouring subdomain along.
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
