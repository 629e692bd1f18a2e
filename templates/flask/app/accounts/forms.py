"""The forms of the accounts. A password is taken as it is, spaces and case included."""

from wtforms import EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp, ValidationError

from app.accounts import passwords
from app.accounts.models import EMAIL_LENGTH
from app.forms import Form

# What a browser takes for an address in an <input type="email">, with a dot in its domain.
EMAIL = r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]*[a-z0-9])+\Z"


def normalized(email: str | None) -> str | None:
    """Return the one spelling of an address that is kept."""
    return email.strip().lower() if email else email


def given(field: StringField) -> str:
    """Return what was typed; the validators have seen to it that something was."""
    return field.data or ""


def address(label: str, autocomplete: str) -> EmailField:
    """Return the field of an address."""
    return EmailField(
        label,
        filters=[normalized],
        validators=[
            InputRequired("Give your e-mail address."),
            Length(max=EMAIL_LENGTH),
            Regexp(EMAIL, message="This is not an e-mail address."),
        ],
        render_kw={"autocomplete": autocomplete},
    )


def present_password(label: str) -> PasswordField:
    """Return the field of a password that somebody has."""
    return PasswordField(
        label,
        validators=[InputRequired("Give your password."), Length(max=passwords.MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


def code_field() -> StringField:
    """Return the field of a code of the second factor."""
    return StringField(
        "Code",
        validators=[InputRequired("Give the code."), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class EmailForm(Form):
    """An address that a link is sent to."""

    # The name by which a password manager knows the account.
    email = address("E-mail", "username")


class LoginForm(EmailForm):
    """An address and its password."""

    password = present_password("Password")


class CodeForm(Form):
    """A code of the second factor, or a recovery code."""

    code = code_field()


class PasswordForm(Form):
    """The password once more, before something that matters."""

    # Shown, also to password managers; what comes back is not looked at.
    account = EmailField("E-mail", render_kw={"autocomplete": "username", "readonly": True})
    current = present_password("Current password")

    def __init__(self, email: str) -> None:
        super().__init__()
        self.account.data = email


class ChangeEmailForm(PasswordForm):
    """A new address."""

    email = address("New e-mail address", "email")


class FactorForm(PasswordForm):
    """What sets the second factor up: a code shows that the app has taken the secret in."""

    secret = HiddenField()
    code = code_field()


class ChangePasswordForm(PasswordForm):
    """The password of an account so far, and a new one, typed twice."""

    password = PasswordField(
        "New password",
        description=f"At least {passwords.MIN_LENGTH} characters; several words are a good choice.",
        validators=[
            InputRequired("Choose a password."),
            Length(passwords.MIN_LENGTH, passwords.MAX_LENGTH),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "New password again",
        validators=[
            InputRequired("Type it once more."),
            EqualTo("password", "The two passwords are not the same."),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: Field) -> None:
        """Refuse what is easy to guess for somebody who knows the address."""
        if not field.errors and passwords.is_easy(field.data, given(self.account)):
            raise ValidationError("This password is easy to guess. Add another word or two.")


class NewPasswordForm(ChangePasswordForm):
    """A new password of somebody who came by a mailed link, and need not know the one so far."""

    current = None  # type: ignore[assignment]  # how WTForms leaves a field out
