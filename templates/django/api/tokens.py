"""Who asks: whoever a token belongs to, or else whoever is signed in on the site."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.utils import check_csrf

from api import limits
from api.models import Token
from api.problems import Problem
from users.models import User

SAFE = {"GET", "HEAD", "OPTIONS"}
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """Who makes a request, and by which token if not by a session."""

    user: User
    token: Token | None = None

    @property
    def key(self) -> str:
        """What limits and keys of requests count by."""
        return f"token:{self.token.pk}" if self.token else f"user:{self.user.pk}"


def random_text() -> str:
    """Return the text of a new token, which is shown once and kept nowhere."""
    return f"api_{secrets.token_urlsafe(32)}"


def digest(text: str) -> str:
    """Return the hash that a token is found by; 256 random bits need no slow one."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def authenticate(request: HttpRequest) -> Caller | None:
    """Return who makes a request, after all that may be refused before its body is looked at."""
    caller = identify(request)
    if caller is None:
        raise Problem(HTTPStatus.UNAUTHORIZED)
    if request.method in SAFE:
        return caller
    if caller.token and caller.token.scope != Token.Scope.WRITE:
        raise Problem(HTTPStatus.FORBIDDEN, "This token may only read.")
    if not caller.token and check_csrf(request):
        raise Problem(HTTPStatus.FORBIDDEN, "The CSRF token is missing or wrong.")
    return caller


def identify(request: HttpRequest) -> Caller | None:
    """Count a request and return who makes it, or nothing for a stranger.

    An Authorization header decides alone: with a bad one nobody is signed in either.
    """
    sent = request.headers.get("Authorization")
    caller = _by_session(request) if sent is None else _by_token(request, sent)
    limits.count(request, caller.key if caller and caller.token else "")
    if sent is not None and caller is None:
        raise Problem(HTTPStatus.UNAUTHORIZED)
    return caller


def _by_session(request: HttpRequest) -> Caller | None:
    return Caller(request.user) if isinstance(request.user, User) else None


def _by_token(request: HttpRequest, sent: str) -> Caller | None:
    scheme, _, text = sent.partition(" ")
    if scheme.lower() != "bearer":
        return None
    found = Token.objects.select_related("user").filter(digest=digest(text)).first()
    if found is None or found.state != "valid" or not found.user.is_active:
        return None
    now = timezone.now()
    if found.last_used is None or found.last_used < now - USED_EVERY:
        unused = Q(last_used=None) | Q(last_used__lt=now - USED_EVERY)
        Token.objects.filter(unused, pk=found.pk).update(last_used=now)
    # For views, and for the line in the log
    request.user = request._cached_user = found.user  # type: ignore[attr-defined]
    return Caller(found.user, found)
