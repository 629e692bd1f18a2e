"""Errors of the API are problem details (RFC 9457), whatever the client accepts."""

from http import HTTPStatus
from typing import Any

import structlog
from apiflask import HTTPError
from flask import Flask, Response, current_app, json, request
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, UnprocessableEntity
from werkzeug.wrappers import Response as AnyResponse

from app.errors import REFUSALS, error_page
from app.logs import logged_path

PREFIX = "/api/"
MOST_ERRORS = 100
# As RFC 9110 has them; Python has these since 3.13.
PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
DETAILS = {
    400: "The body is no valid JSON.",
    401: "Sign in, or send a valid token.",
    403: "You are not allowed to do this.",
    404: "There is nothing at this address.",
    405: "This address does not take {method}.",
    409: "A request with this key is still in progress.",
    412: "It was changed since you read it.",
    413: "The body is larger than {limit} bytes.",
    415: "Send application/json.",
    422: "The request is not valid.",
    429: "Too many requests.",
    500: "Something went wrong.",
}

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Take over the errors below `/api/`; pages keep theirs."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(HTTPError, answer_invalid)


def is_api() -> bool:
    return request.path.startswith(PREFIX)


def answer(error: HTTPException) -> AnyResponse:
    """Return the problem document of an error, with its headers, such as Allow or Retry-After."""
    if not is_api():
        return error_page(error)
    response = error.get_response()
    if error.response is not None:
        return response
    status = HTTPStatus(response.status_code)
    detail = detail_of(error, status)
    if status in {*REFUSALS, HTTPStatus.UNAUTHORIZED}:
        log.warning("refused", status=status.value, path=logged_path(request), reason=detail)
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
    start = "?" if "query" in error.detail else "/"
    errors = [
        {
            "pointer": "".join(f"{start}{escaped(part)}" for part in each["loc"]),
            "detail": each["msg"].removeprefix("Value error, "),
        }
        for each in invalid.errors(include_url=False, include_context=False, include_input=False)
    ]
    return unprocessable(errors[:MOST_ERRORS])


def unprocessable(errors: list[dict[str, str]]) -> Response:
    return document(HTTPStatus.UNPROCESSABLE_ENTITY, DETAILS[422], errors)


def document(
    status: HTTPStatus, detail: str, errors: list[dict[str, str]] | None = None
) -> Response:
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": PHRASES.get(status, status.phrase),
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
    if error.description and error.description != type(error).description:
        return error.description
    if status == HTTPStatus.BAD_REQUEST and type(error) is not BadRequest:
        return "The request could not be understood."
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    detail = DETAILS.get(status, status.description or status.phrase)
    return detail.format(method=request.method, limit=limit)


def escaped(part: str | int) -> str:
    """Return a part of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")
