from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """E-mail address and password; the answer does not say which of them was wrong."""

    error_messages = {"invalid_login": "This e-mail address and password do not belong together."}
