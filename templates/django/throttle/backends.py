"""Where users come from: Django's own, and every password that is tried counts."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from throttle import attempts
from users.models import User


class CountedBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Count an attempt, and try it; who is signed in then is forgiven by `users.signals`."""
        if request is not None:
            attempts.count_sign_in(request, username or "")
            vars(request)["counted"] = True
        user = super().authenticate(request, username, password, **kwargs)
        return user if isinstance(user, User) else None
