"""`Idempotency-Key`: a creation that is sent again, because its answer was lost, happens once."""

import hashlib
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from api.conditional import JSON
from api.models import IdempotencyKey
from api.problems import Problem

KEPT = timedelta(days=1)
# Longer than any request takes: after that the worker that began has died.
ABANDONED = timedelta(minutes=1)
BAD_KEY = "Idempotency-Key is 1 to 255 visible ASCII characters."
REUSED = "This key was used with another request."
# For the description of a creating operation
DESCRIBED = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "With the same key, a request that is sent again within a day is done once.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["order-4711"]},
        }
    ]
}


def idempotent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a creating view answer a request under a key once, and then repeat its answer.

    The claim of a key is stored before, so that others see it; the answer together with what the
    view creates, so that there is never the one without the other.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        if not re.fullmatch(r"[!-~]{1,255}", key):
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, errors=[{"pointer": "", "detail": BAD_KEY}]
            )
        claim = uuid.uuid4()
        row = _claimed(request, key, claim)
        if row.claim != claim:
            return _replay(row, request)
        mine = IdempotencyKey.objects.filter(pk=row.pk, claim=claim)
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
                answer = {
                    "status": response.status_code,
                    "location": response.get("Location", ""),
                    "body": response.text,
                }
                if not mine.update(**answer):  # another request took over
                    raise Problem(HTTPStatus.CONFLICT)
        except BaseException:
            mine.delete()
            raise
        if response.status_code >= 300:  # nothing was made: it may be tried again
            mine.delete()
        return response

    return once


def _claimed(request: HttpRequest, key: str, claim: uuid.UUID) -> IdempotencyKey:
    """Return the row of a key: with our claim, or with that of the request that was first."""
    now = timezone.now()
    caller = request.auth.key  # type: ignore[attr-defined]
    digest = _hash(f"{caller} {request.method} {request.path} {key}".encode())
    rows = IdempotencyKey.objects.filter(digest=digest)
    rows.filter(_outdated()).delete()
    try:
        row, _ = rows.get_or_create(
            digest=digest,
            defaults={"claim": claim, "fingerprint": _hash(request.body), "created": now},
        )
    except IntegrityError as error:  # another request had it, and just gave it back
        raise Problem(HTTPStatus.CONFLICT) from error
    return row


def _replay(row: IdempotencyKey, request: HttpRequest) -> HttpResponse:
    if row.fingerprint != _hash(request.body):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, REUSED)
    if row.status is None:
        raise Problem(HTTPStatus.CONFLICT)
    headers = {"Location": row.location, "Idempotency-Replayed": "true"}
    return HttpResponse(row.body, status=row.status, content_type=JSON, headers=headers)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _outdated() -> Q:
    now = timezone.now()
    return Q(created__lt=now - KEPT) | Q(status=None, created__lt=now - ABANDONED)


def prune() -> int:
    """Delete keys that no request will ask for again."""
    return IdempotencyKey.objects.filter(_outdated()).delete()[0]
