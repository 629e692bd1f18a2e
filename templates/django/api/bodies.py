"""The body of a request: how much of it is read, and what counts as JSON."""

import json
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from api.problems import BROKEN_JSON, Problem, pointer

# Halves of characters, which no encoding has, and NUL, which not every database keeps
UNFIT = re.compile("[\x00\ud800-\udfff]")
UNFIT_TEXT = "String should have no NUL and no lone surrogate"


def read(request: HttpRequest) -> None:
    """Read the body of a request, also where its length is not said beforehand."""
    limit = settings.REQUEST_BODY_LIMIT
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > limit:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    # Django takes a body without a length for an empty one; gunicorn knows where it ends.
    chunked = "HTTP_TRANSFER_ENCODING" in request.META and request.META.get("wsgi.input_terminated")
    stream = request.META["wsgi.input"] if chunked else request
    try:
        body = stream.read(limit + 1)
    except Exception as error:  # what a server raises for a broken body is its own
        raise Problem(HTTPStatus.BAD_REQUEST) from error
    if len(body) > limit:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    request._body = body  # what `request.body` returns


class StrictParser(Parser):
    """Takes `application/json` in UTF-8 alone, and JSON that all programs read alike."""

    def parse_body(self, request: HttpRequest) -> Any:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type != "application/json" or charset not in {"utf-8", "utf8"}:
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            text = request.body.decode("utf-8")
            value = json.loads(text, object_pairs_hook=_members, parse_constant=_no_number)
            unfit = list(_unfit(value, ())) if "\\u" in text else []
        except (ValueError, RecursionError) as error:
            raise Problem(HTTPStatus.BAD_REQUEST, BROKEN_JSON) from error
        if unfit:
            errors = [{"pointer": pointer(place), "detail": UNFIT_TEXT} for place in unfit]
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
        return value

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Refuse a NUL, and a parameter given twice unless the view takes a list of it."""
        errors = []
        for name, values in data.lists():
            if any("\0" in value for value in values):
                errors.append({"pointer": f"?{name}", "detail": UNFIT_TEXT})
            elif len(values) > 1 and name not in list_fields:
                errors.append({"pointer": f"?{name}", "detail": "It is given more than once."})
        if errors:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
        return super().parse_querydict(data, list_fields, request)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def _unfit(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield the places of texts that nothing can keep; only an escape can hold such a character."""
    if isinstance(value, str) and UNFIT.search(value):
        yield place
    members: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for name, member in members:
        if isinstance(name, str) and UNFIT.search(name):
            yield place
        else:
            yield from _unfit(member, (*place, name))
