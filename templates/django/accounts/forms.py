"""The forms of the accounts; those that change something ask for the password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
)
from django import forms
from django.conf import settings

from accounts.signals import notice
from throttle import attempts
from users.access import signed_in_user
from users.forms import address
from users.models import User

log = structlog.get_logger("accounts")
# How long a code that was used stays refused: longer than it is good for, with slow clocks too
CODE_SECONDS = 120


class AddressForm(forms.Form):
    """An address that a link is sent to."""

    email = address()

    def clean_email(self) -> str:
        """Return the one spelling of an address that is kept."""
        return str(self.cleaned_data["email"]).lower()


class PasswordForm(forms.Form):
    """The password of whoever is signed in: a session left open changes nothing."""

    password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def clean_password(self) -> str:
        request = context.request
        user = signed_in_user(request)
        attempts.count_sign_in(request, user.email)
        password: str = self.cleaned_data["password"]
        if not user.check_password(password):
            log.warning("password refused", user=user.pk)
            notice(request, user.email)
            raise forms.ValidationError("This is not your password.")
        attempts.forgive_sign_in(request, user.email)
        return password


class NewAddressForm(AddressForm, PasswordForm):
    """Another address for an account."""

    email = forms.EmailField(
        label="New e-mail address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "autofocus": True}),
    )


def code_field() -> forms.CharField:
    """Return the field of a code, of an app or of the list of those to recover with."""
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(label="Code", max_length=32, widget=forms.TextInput(attributes))


def is_used(user: User, code: str) -> bool:
    """Tell whether a code was used just before, for all workers; it is used from now on."""
    digits = "".join(filter(str.isdigit, code))
    times, _ = attempts.counted(CODE_SECONDS, "code", str(user.pk), digits)
    return times > 1


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """The second half of a sign-in: a code of the app, or one to recover with."""

    code = code_field()

    def clean_code(self) -> str:
        account = attempts.spelled(self.user.email)
        attempts.count_sign_in(context.request, account)
        vars(context.request)["counted"] = True
        # Whoever has the password and many networks has no more guesses at the code.
        attempts.count(settings.CODES_PER_ACCOUNT, "code", account)
        code: str = super().clean_code()
        # The library marks a code to recover with as used, but lets one pass that comes twice at once.
        if is_used(self.user, code):
            self._emit_authentication_failed(self.authenticator)
            raise forms.ValidationError("This code is not right.")
        attempts.take_back("code", account)
        return code


class SetUpForm(PasswordForm, ActivateTOTPForm):  # type: ignore[misc]
    """Turns the second factor on, with a code that shows that the app knows the key."""

    code = code_field()
    field_order = ["password", "code"]

    def clean_code(self) -> str:
        code: str = super().clean_code()
        is_used(self.user, code)
        return code


class TurnOffForm(PasswordForm, DeactivateTOTPForm):  # type: ignore[misc]
    """Turns the second factor off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The view gives an empty form to look at as one that was sent.
        super().__init__(*args, **kwargs | {"data": kwargs.get("data") or None})


class NewCodesForm(PasswordForm, GenerateRecoveryCodesForm):  # type: ignore[misc]
    """Makes new codes to recover with."""


@contextmanager
def passkey_checked() -> Iterator[None]:
    """Refuse what is no passkey of the user; the library breaks at most of what is none at all."""
    try:
        yield
    except Exception as error:
        raise forms.ValidationError("This passkey was not accepted.") from error


class PasskeyForm(PasswordForm, AddWebAuthnForm):  # type: ignore[misc]
    """Adds a passkey."""

    name = forms.CharField(label="Name", max_length=60, required=False)
    passwordless = forms.BooleanField(
        label="It signs me in by itself, without the password", required=False, initial=True
    )
    field_order = ["password", "name", "passwordless"]

    def clean(self) -> dict[str, Any]:
        with passkey_checked():
            return super().clean() or {}


class PasskeyFactorForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second half of a sign-in, by a passkey."""

    def clean_credential(self) -> Authenticator:
        with passkey_checked():
            return super().clean_credential()


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """A sign-in by a passkey alone."""

    def clean_credential(self) -> Authenticator:
        with passkey_checked():
            return super().clean_credential()
