"""The pages of the accounts. What they answer never tells whether an address has an account."""

from http import HTTPStatus
from typing import Any

import structlog
from allauth.account.utils import perform_login
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import FormView, TemplateView

from accounts import links, mails
from accounts.codes import drawing
from accounts.forms import AddressForm, NewAddressForm, PasswordForm
from accounts.sessions import end_others, sessions_of
from config.client import network
from config.later import later
from pages.errors import error_page
from throttle import attempts
from users import views
from users.access import signed_in_user
from users.forms import NewPasswordForm
from users.mails import count
from users.models import User

log = structlog.get_logger("accounts")
public = method_decorator(login_not_required, name="dispatch")


class SignIn(views.SignIn):
    """Signs a user in, after the second factor where there is one."""

    template_name = "accounts/sign_in.html"
    extra_context = {"signup_open": lambda: settings.SIGNUP_OPEN}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        response: HttpResponse = perform_login(
            self.request, user, redirect_url=self.get_success_url()
        )
        if self.request.user.is_anonymous:
            # It was right, but is half of what is asked for: earlier failures stay.
            here, email = network(self.request), attempts.spelled(user.get_username())
            attempts.take_back("login", here)
            attempts.take_back("login", here, email)
        return response


class PasswordChange(views.PasswordChange):
    """Keeps this browser in the list of sessions, where the others end."""

    def form_valid(self, form: Any) -> HttpResponse:
        here = UserSession.objects.filter(session_key=self.request.session.session_key)
        number = here.values_list("pk", flat=True).first()
        response = super().form_valid(form)
        key = self.request.session.session_key
        UserSession.objects.filter(pk=number).update(session_key=key)
        return response


class MailedLink:
    """A page behind a link in a mail: its address is a secret, and tells it to nobody."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(*args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "no-store"
        # `no-referrer` would take the origin from the form as well, which is refused then.
        response["Referrer-Policy"] = "strict-origin"
        return response


@public
class SignUp(FormView[AddressForm]):
    """Mails a link that makes an account, or a word that there is one."""

    template_name = "accounts/signup.html"
    form_class = AddressForm
    extra_context = {"signup_open": lambda: settings.SIGNUP_OPEN}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SIGNUP_OPEN:
            return error_page(request, HTTPStatus.FORBIDDEN, "Accounts are made by invitation.")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AddressForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        count(self.request, email)
        later(self.request, mails.invite, email)
        messages.success(self.request, "Look into your mailbox: a message is on its way.")
        return redirect("users:sign_in")


@public
class SignUpConfirm(MailedLink, FormView[NewPasswordForm]):
    """Makes the account of a mailed link, with the password that its owner chooses."""

    template_name = "accounts/signup_confirm.html"
    form_class = NewPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        email = links.signup_email(kwargs["token"])
        if email is None:
            return link_is_dead(request, "accounts:signup")
        self.email = email
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": User(email=self.email)}

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        try:
            with transaction.atomic():
                user = form.save()
        except IntegrityError:  # the link was sent off twice
            return link_is_dead(self.request, "accounts:signup")
        attempts.take_back("mail", network(self.request))  # it has led to an account
        log.info("account made", user=user.pk)
        messages.success(self.request, "Your account is ready. Sign in.")
        return redirect("users:sign_in")


class ChangeEmail(FormView[NewAddressForm]):
    """Mails a link to a new address, and a word to the one so far."""

    template_name = "accounts/email.html"
    form_class = NewAddressForm

    def form_valid(self, form: NewAddressForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        count(self.request, email)
        later(self.request, mails.email_change, signed_in_user(self.request), email)
        log.info("address change asked for", user=self.request.user.pk)
        messages.success(
            self.request, "Look into the mailbox of the new address: a message is on its way."
        )
        return redirect("accounts:email")


class ConfirmEmail(MailedLink, FormView[forms.Form]):
    """Gives an account the address of a mailed link; whoever only looks changes nothing.

    It asks for a sign-in: where the address was misspelt, the link alone is no way into an account.
    """

    template_name = "accounts/email_confirm.html"
    form_class = forms.Form

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = links.email_change(kwargs["token"])
        if found is None or found[0] != request.user:
            return link_is_dead(request, "accounts:email")
        self.user, self.email = found
        self.extra_context = {"email": self.email}
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        old, self.user.email = self.user.email, self.email
        try:
            with transaction.atomic():
                self.user.save(update_fields=["email"])
        except IntegrityError:  # somebody else has it since a moment
            return link_is_dead(self.request, "accounts:email")
        end_others(self.request, self.user)
        later(self.request, mails.email_changed, old)
        log.info("address changed", user=self.user.pk)
        messages.success(self.request, "Your address is changed.")
        return redirect("home")


class Sessions(TemplateView):
    """The browsers that a user is signed in with."""

    template_name = "accounts/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sessions=sessions_of(self.request), **kwargs)


class EndSession(View):
    """Signs a user out in another browser, or in this one."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = get_object_or_404(UserSession, user=signed_in_user(request), pk=pk)
        log.info("session ended", user=session.user_id)
        session.end()
        messages.success(request, "That browser is signed out.")
        return redirect("accounts:sessions")


class EndOtherSessions(View):
    """Signs a user out everywhere but here."""

    def post(self, request: HttpRequest) -> HttpResponse:
        user = signed_in_user(request)
        end_others(request, user)
        log.info("other sessions ended", user=user.pk)
        messages.success(request, "You are signed out everywhere else.")
        return redirect("accounts:sessions")


class SetUp(ActivateTOTPView):  # type: ignore[misc]
    """Turns the second factor on; the picture of its key is drawn here, without a foreign style."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"drawing": drawing(context["totp_url"])}


class DeleteAccount(FormView[PasswordForm]):
    """Deletes an account with all that belongs to it."""

    template_name = "accounts/delete.html"
    form_class = PasswordForm

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        user = signed_in_user(self.request)
        for session in UserSession.objects.filter(user=user):
            session.end()
        log.info("account deleted", user=user.pk)
        later(self.request, mails.deleted, user.email)
        logout(self.request)
        user.delete()
        messages.success(self.request, "Your account is deleted.")
        return redirect("home")


def link_is_dead(request: HttpRequest, name: str) -> HttpResponse:
    """Say that a link is of no use, where a new one is to be had."""
    messages.error(request, "This link is no longer valid. Ask for a new one.")
    return redirect(name)
