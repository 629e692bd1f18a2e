"""What follows from a failure, and from a new password."""

from typing import Any

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import mails
from accounts.sessions import end_others
from config.later import later
from throttle import attempts
from users.models import User

DAY = 24 * 60 * 60
log = structlog.get_logger("accounts")


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None, **_: Any) -> None:
    if request is not None:
        notice(request, credentials.get("username") or "")


@receiver(authentication_failed)
def code_failed(request: HttpRequest, user: User, **_: Any) -> None:
    log.warning("second factor failed", user=user.pk)
    notice(request, user.email)


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
    if not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        end_others(request, user)  # they needed no code
    log.info("second factor added", user=user.pk, kind=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    log.info("second factor removed", user=user.pk, kind=authenticator.type)


def notice(request: HttpRequest, email: str) -> None:
    """Count a failure at an account from anywhere; its owner hears of many, once a day at most.

    Whether there is such an account is looked up when the answer is out.
    """
    spelled = attempts.spelled(email)
    failures, _ = attempts.counted(DAY, "failures", spelled)
    if failures == settings.FAILURES_BEFORE_NOTICE:
        later(request, mails.attempts, spelled)
