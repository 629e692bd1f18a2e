"""One log line for each sign-in, failure and sign-out; address and request id are bound to it."""

import time
from typing import Any

import structlog
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from throttle import attempts
from users.middleware import SIGNED_IN
from users.models import User

log = structlog.get_logger("users")


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    request.session[SIGNED_IN] = int(time.time())  # see `users.middleware`
    if vars(request).pop("counted", False):
        attempts.forgive_sign_in(request, user.email)
    log.info("signed in", user=user.pk)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    log.info("signed out", user=user.pk if user else None)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    # What else was typed may be a password.
    user = User.of(credentials.get("username") or "")
    log.warning("sign-in failed", user=user.pk if user else None)
