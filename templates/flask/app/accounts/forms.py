"""The forms of the accounts. A password is taken as it is, spaces and case included."""

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from app.accounts import passwords
from app.accounts.models import EMAIL_LENGTH

# What a browser takes for an address in an <input type="email">, with a dot in its domain.
EMAIL = r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]*[a-z0-9])+\Z"


def normalized(email: str | None) -> str | None:
    """Return the one spelling of an address that is kept."""
    return email.strip().lower() if email else email


def given(field: StringField) -> str:
    """Return what was typed; the validators have seen to it that something was."""
    return field.data or ""


class EmailForm(FlaskForm):
    """An address that a link is sent to."""

    email = EmailField(
        "E-mail",
        filters=[normalized],
        validators=[
            InputRequired("Give your e-mail address."),
            Length(max=EMAIL_LENGTH),
            Regexp(EMAIL, message="This is not an e-mail address."),
        ],
        render_kw={"autocomplete": "email"},
    )


class LoginForm(EmailForm):
    """An address and its password."""

    password = PasswordField(
        "Password",
        validators=[InputRequired("Give your password."), Length(max=passwords.MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


def new_password() -> PasswordField:
    """Return the field of a password that somebody chooses."""
    return PasswordField(
        "New password",
        validators=[
            InputRequired("Choose a password."),
            Length(passwords.MIN_LENGTH, passwords.MAX_LENGTH),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class NewPasswordForm(FlaskForm):
    """A password for the account of an address."""

    password = new_password()

    def __init__(self, email: str) -> None:
        super().__init__()
        self.email = email

    def validate_password(self, field: Field) -> None:
        """Refuse what is easy to guess for somebody who knows the address."""
        if not field.errors and passwords.is_easy(field.data, self.email):
            raise ValidationError("This password is easy to guess. Add another word or two.")


class ChangePasswordForm(NewPasswordForm):
    """The password so far, and a new one."""

    current = PasswordField(
        "Current password",
        validators=[InputRequired("Give your password."), Length(max=passwords.MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password()
