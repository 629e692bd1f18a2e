"""Errors{{ ' of the API' if frontend != 'none' else '' }} are problem details (RFC 9457), whatever the client accepts."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import structlog
from apiflask import HTTPError
from flask import Flask, Response, current_app, json, request
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, UnprocessableEntity
from werkzeug.wrappers import Response as AnyResponse

{% if frontend != 'none' %}
from app.errors import REFUSALS, error_page
{% endif %}
from app.logs import logged_path

PREFIX = "/api/"
# What pydantic says by the names of classes
KINDS = {"model_type": "Input should be an object"}
MOST_ERRORS = 100
{% if frontend == 'none' %}
REFUSALS = {400, 403, 413, 429}
{% endif %}
# As RFC 9110 has them; Python has these since 3.13.
PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
DETAILS = {
    400: "The body is no valid JSON.",
    401: "Sign in, or send a valid token.",
    403: "You are not allowed to do this.",
    404: "There is nothing at this address.",
    405: "This address does not take {method}.",
{% if database != 'none' %}
    409: "A request with this key is still in progress.",
    412: "It was changed since you read it.",
{% endif %}
    413: "The body is larger than {limit} bytes.",
    415: "Send application/json.",
    422: "The request is not valid.",
    429: "Too many requests.",
    500: "Something went wrong.",
}

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    {{ '"""Take over the errors below `/api/`; pages keep theirs."""' if frontend != 'none' else '"""Answer every error alike, below `/api/` and elsewhere."""' }}
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(HTTPError, answer_invalid)


def is_api() -> bool:
    return request.path.startswith(PREFIX)


def answer(error: HTTPException) -> AnyResponse:
    """Return the problem document of an error, with its headers, such as Allow or Retry-After."""
{% if frontend != 'none' %}
    if not is_api():
        return error_page(error)
{% endif %}
    response = error.get_response()
    if error.response is not None:
        return response
    status = HTTPStatus(response.status_code)
    detail = detail_of(error, status)
    if status in {*REFUSALS, HTTPStatus.UNAUTHORIZED}:
        reason = said_of(error) or detail
        log.warning("refused", status=status.value, path=logged_path(request), reason=reason)
    errors = [{"pointer": "", "detail": detail}] if isinstance(error, UnprocessableEntity) else None
    problem = document(status, detail, errors)
    for name, value in response.headers:
        if name not in {"Content-Type", "Content-Length"}:
            problem.headers.add(name, value)
    return problem


def answer_invalid(error: HTTPError) -> Response:
    """Return the problem document of fields that are wrong."""
    invalid = error.__cause__
    if not isinstance(invalid, ValidationError):  # of a view that raises `HTTPError` itself
        return document(HTTPStatus(error.status_code), error.message or "")
    # APIFlask joins the parts of a place by dots, which a name of a field may have as well.
    in_query = "query" in error.detail
    errors = [
        {
            "pointer": f"?{each['loc'][0]}" if in_query else pointer(each["loc"]),
            "detail": KINDS.get(each["type"], each["msg"]).removeprefix("Value error, "),
        }
        for each in invalid.errors(include_url=False, include_context=False, include_input=False)
    ]
    return unprocessable(errors)


def phrase(status: HTTPStatus) -> str:
    """Return the name of a status, the same with every Python."""
    return PHRASES.get(status, status.phrase)


def unprocessable(errors: list[dict[str, str]]) -> Response:
    return document(HTTPStatus.UNPROCESSABLE_ENTITY, DETAILS[422], errors[:MOST_ERRORS])


def document(
    status: HTTPStatus, detail: str, errors: list[dict[str, str]] | None = None
) -> Response:
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": phrase(status),
        "status": status,
        "detail": detail,
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
    }
    if errors is not None:
        problem["errors"] = errors
    response = Response(json.dumps(problem), status, mimetype="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def detail_of(error: HTTPException, status: HTTPStatus) -> str:
    """Return what a view said to `abort`, or what this status means here."""
    if status == HTTPStatus.BAD_REQUEST and type(error) is not BadRequest:  # as of a wrong host
        return "The request could not be understood."
    if said := said_of(error):
        return said
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    detail = DETAILS.get(status, status.description or status.phrase)
    return detail.format(method=request.method, limit=limit)


def said_of(error: HTTPException) -> str | None:
    """Return what an error says beyond its kind."""
    return error.description if error.description != type(error).description else None


def pointer(place: Iterable[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a place in a body: `/title`, or nothing for all of it."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
