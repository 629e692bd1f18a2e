"""One log line for each sign-in, failure and sign-out; address and request id are bound to it."""

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
    request.session[SIGNED_IN] = int(time.time())  # see `users.middleware`
    log.info("signed in", user=user.pk)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    log.info("signed out", user=user.pk if user else None)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    log.warning("sign-in failed", user=_known(credentials.get("username")))


@receiver(user_locked_out)
def locked_out(username: str, **_: Any) -> None:
    log.warning("sign-in throttled", user=_known(username))


def _known(username: str | None) -> int | None:
    """Return the user that was meant, if there is one: what else was typed may be a password."""
    try:
        return User.objects.get_by_natural_key(username).pk
    except User.DoesNotExist:
        return None
