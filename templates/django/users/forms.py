"""Forms about users, on the site and in the admin."""

from django.contrib.auth import forms

from users.models import User


class SignInForm(forms.AuthenticationForm):
    """E-mail address and password; the answer does not say which of them was wrong."""

    error_messages = {  # noqa: RUF012 - an instance variable to Django's types
        "invalid_login": "This e-mail address and password do not belong together."
    }


class UserCreationForm(forms.AdminUserCreationForm[User]):
    """The form of "Add user" in the admin."""

    class Meta:
        model = User
        fields = ("email",)


class UserChangeForm(forms.UserChangeForm[User]):
    """The form of an existing user in the admin."""

    class Meta:
        model = User
        fields = "__all__"
