"""The forms of the accounts. A password is taken as it is, spaces and case included."""

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
)

from users.models import User

HELP = "At least 12 characters; several words are a good choice."


def shown_address() -> forms.EmailField:
    """Return the field of an address that stays: password managers know the account by it."""
    attributes = {"autocomplete": "username", "readonly": True}
    return forms.EmailField(label="E-mail", required=False, widget=forms.EmailInput(attributes))


def address() -> forms.EmailField:
    """Return the field of an address that a link is sent to."""
    attributes = {"autocomplete": "username", "autofocus": True}
    return forms.EmailField(label="E-mail", max_length=254, widget=forms.EmailInput(attributes))


class SignInForm(AuthenticationForm):
    """E-mail address and password; the answer does not say which of them was wrong."""

    error_messages = {"invalid_login": "This e-mail address and password do not belong together."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail"
        self.fields["username"].widget.attrs["autocomplete"] = "username"


class AddressForm(PasswordResetForm):
    """An address that a link is sent to."""

    email = address()


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A new password, typed twice."""

    error_messages = {"password_mismatch": "The two passwords are not the same."}
    email = shown_address()
    field_order = ["email"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["email"].initial = user.email
        self.fields["new_password1"].label = "New password"
        self.fields["new_password1"].help_text = HELP
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""


class ChangePasswordForm(NewPasswordForm, PasswordChangeForm):
    """The password so far, and a new one."""

    error_messages = {
        **NewPasswordForm.error_messages,
        "password_incorrect": "This is not your password.",
    }
    field_order = ["email", "old_password"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].label = "Current password"
