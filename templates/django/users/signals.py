"""One log line for each sign-in, failure and sign-out; address and request id are bound to it.

A sign-in also starts the clock of its session (`users.middleware`).
"""

import time
from typing import Any

import structlog
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from users.middleware import SIGNED_IN
from users.models import User

log = structlog.get_logger("users")


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Log a sign-in and remember when it was."""
    request.session[SIGNED_IN] = int(time.time())
    log.info("signed in", user=user.pk)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    """Log a sign-out."""
    log.info("signed out", user=user.pk if user else None)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    """Log a refused sign-in with the account named."""
    log.warning("sign-in failed", account=credentials.get("username"))


@receiver(user_locked_out)
def locked_out(username: str, **_: Any) -> None:
    """Log that an account is closed to an address for a while."""
    log.warning("sign-in throttled", account=username)
