"""ETags: an answer that is known is not sent again, and a change finds what its sender saw."""

import hashlib
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from ninja.renderers import BaseRenderer
from pydantic import BaseModel
from pydantic_core import to_json

from api.problems import Problem

JSON = "application/json; charset=utf-8"


class Renderer(BaseRenderer):
    """Writes what views return."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


def representation(thing: BaseModel) -> bytes:
    """Return the bytes that an answer has of a thing."""
    return to_json(thing.model_dump())


def created(thing: BaseModel, location: str) -> HttpResponse:
    """Return the answer of a view that made a thing."""
    return HttpResponse(
        representation(thing), status=201, content_type=JSON, headers={"Location": location}
    )


def etag(content: bytes) -> str:
    """Return the ETag of a representation."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give an answer its ETag; a reader who has it already gets 304."""
    if response.status_code not in {200, 201} or response["Content-Type"] != JSON:
        return response
    response["ETag"] = etag(response.content)
    if request.method not in {"GET", "HEAD"}:
        return response
    conditional = get_conditional_response(request, etag=response["ETag"], response=response)
    return conditional if isinstance(conditional, HttpResponse) else response


def check_unchanged(request: HttpRequest, thing: BaseModel) -> None:
    """Refuse to change what is no longer as the sender saw it, if they said what they saw."""
    known = request.headers.get("If-Match")
    if known is None or known.strip() == "*":
        return
    if etag(representation(thing)) not in parse_etags(known):
        raise Problem(HTTPStatus.PRECONDITION_FAILED)
