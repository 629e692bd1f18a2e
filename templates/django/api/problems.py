"""Errors of the API, all in the one form of RFC 9457 (`application/problem+json`)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from structlog.contextvars import get_contextvars

# As RFC 9110 has them, which Python does since 3.13
PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
CONTENT_TYPE = "application/problem+json"
DETAILS = {
    HTTPStatus.BAD_REQUEST: "The request could not be understood.",
    HTTPStatus.UNAUTHORIZED: "Sign in, or send a valid token.",
    HTTPStatus.FORBIDDEN: "You are not allowed to do this.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take {method}.",
    HTTPStatus.CONFLICT: "A request with this key is still in progress.",
    HTTPStatus.PRECONDITION_FAILED: "It was changed since you read it.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than {limit} bytes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request is not valid.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong.",
}
BROKEN_JSON = "The body is no valid JSON."
# What pydantic says by the names of classes
KINDS = {"model_type": "Input should be an object"}
# A body may have a million faults; these many are enough to go on with.
MOST_ERRORS = 100


def phrase(status: HTTPStatus) -> str:
    """Return the name of a status, the same with every Python."""
    return PHRASES.get(status, status.phrase)


class ProblemResponse(JsonResponse):
    """A problem, unlike an error page of the site for programs."""


class Problem(Exception):
    """What a view raises to end a request; `errors` is for 422 alone."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})

    def response(self, request: HttpRequest) -> HttpResponse:
        detail = self.detail or DETAILS.get(self.status, phrase(self.status)).format(
            method=request.method, limit=settings.REQUEST_BODY_LIMIT
        )
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": phrase(self.status),
            "status": self.status,
            "detail": detail,
            "request_id": get_contextvars().get("request_id", ""),
        }
        if self.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            body["errors"] = self.errors[:MOST_ERRORS] or [{"pointer": "", "detail": detail}]
        if self.status == HTTPStatus.UNAUTHORIZED:
            self.headers.setdefault("WWW-Authenticate", "Bearer")
        return ProblemResponse(
            body, status=self.status, content_type=CONTENT_TYPE, headers=self.headers
        )


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the problem that an error page of the site stands for."""
    if response.status_code < 400 or isinstance(response, ProblemResponse):
        return response
    kept = ("Allow", "Retry-After", "Vary")
    headers = {name: response[name] for name in kept if name in response}
    return Problem(HTTPStatus(response.status_code), headers=headers).response(request)


def pointer(place: Sequence[str | int]) -> str:
    """Return the JSON pointer of a place in a body: `/title`, or nothing for all of it."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)


def _where(place: Sequence[str | int]) -> str:
    """Return the pointer of a place as Ninja names it: source, argument of the view, and on."""
    if place[0] == "query":
        return f"?{place[-1]}"
    return pointer(place[2:]) if place[0] == "body" else ""


def register(api: NinjaAPI) -> None:
    """Let the API answer in problems alone."""

    @api.exception_handler(Problem)
    def known(request: HttpRequest, problem: Problem) -> HttpResponse:
        return problem.response(request)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        if not request.body and any(one["loc"][0] == "body" for one in error.errors):
            # Ninja never asks its parser about an empty body.
            try:
                api.parser.parse_body(request)
            except Problem as problem:
                return problem.response(request)
        errors = [
            {"pointer": _where(one["loc"]), "detail": str(KINDS.get(one["type"], one["msg"]))}
            for one in error.errors
        ]
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors).response(request)

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        # Ninja makes a 400 of whatever its parser raises.
        problem = error.__cause__
        if not isinstance(problem, Problem):
            problem = Problem(HTTPStatus(error.status_code))
        return problem.response(request)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return Problem(HTTPStatus.NOT_FOUND).response(request)

    @api.exception_handler(Exception)
    def unexpected(_request: HttpRequest, error: Exception) -> HttpResponse:
        raise error  # for Django to log; `api.middleware` answers
