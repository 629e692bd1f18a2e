"""The description of the API (OpenAPI 3.1), and the page to try it on."""

import json
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from api.conditional import JSON
from api.problems import CONTENT_TYPE, Problem, phrase
from api.routes import api
from api.tokens import identify

PREFIX = "/api/v1/"
View = Callable[[HttpRequest], HttpResponseBase]
ERROR: dict[str, Any] = {
    "type": "object",
    "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
    "required": ["pointer", "detail"],
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 has it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": ERROR, "description": "For 422 alone."},
    },
    "required": ["type", "title", "status", "detail", "request_id"],
    "examples": [
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nothing at this address.",
            "request_id": "2c1743a391305fbf367df8e4f069f9f9",
        }
    ],
}
# What may go wrong, by what an operation takes
ALWAYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)
CHANGES = (HTTPStatus.FORBIDDEN,)
WITH_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
TEXT = {"schema": {"type": "string"}}
HEADERS: dict[int, dict[str, Any]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": TEXT},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": {"schema": {"type": "integer"}}},
}


def header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    """Describe a header that a request may have."""
    return {
        "in": "header",
        "name": name,
        "description": description,
        "schema": {"type": "string", **schema},
        "required": False,
    }


IF_NONE_MATCH = header("If-None-Match", "The ETag of what you have: 304 if it is still so.")
IF_MATCH = header("If-Match", "The ETag of what you change: 412 if it is no longer so.")


@cache
def document() -> dict[str, Any]:
    """Return the description; Ninja knows what views take and give, and the rest is added here."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    schema["components"]["schemas"]["Problem"] = PROBLEM
    schema["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-sessionid"},
    }
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return schema


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add to an operation the errors and headers that follow from what it takes."""
    responses, parameters = operation["responses"], operation["parameters"]
    errors = [*ALWAYS]
    operation.setdefault("security", [{"token": []}, {"session": []}])
    if "{" in path:
        errors.append(HTTPStatus.NOT_FOUND)
    if "requestBody" in operation:
        errors += WITH_BODY
    if any(parameter["in"] == "query" for parameter in parameters):
        errors.append(HTTPStatus.UNPROCESSABLE_ENTITY)
    if any(parameter["name"] == "Idempotency-Key" for parameter in parameters):
        errors.append(HTTPStatus.CONFLICT)
        responses["201"].setdefault("headers", {})["Idempotency-Replayed"] = TEXT
    if method == "get":
        parameters.append(IF_NONE_MATCH)
        responses["304"] = {"description": HTTPStatus.NOT_MODIFIED.phrase}
    else:
        errors += CHANGES
    if method in {"patch", "delete"}:
        parameters.append(IF_MATCH)
        errors.append(HTTPStatus.PRECONDITION_FAILED)
    for status in ("200", "201"):
        if status in responses:
            responses[status].setdefault("headers", {})["ETag"] = TEXT
    if "201" in responses:
        responses["201"]["headers"]["Location"] = TEXT
    for error in errors:
        content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[str(error.value)] = {"description": phrase(error), "content": content}
        if error in HEADERS:
            responses[str(error.value)]["headers"] = HEADERS[error]
    operation["responses"] = dict(sorted(responses.items()))


@cache
def text() -> str:
    """Return the description as `openapi.json` has it."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def for_insiders(view: View) -> View:
    """Show a view to staff and tokens alone, unless everybody may see it."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        try:
            caller = identify(request)
            seen = caller is not None and (caller.token is not None or caller.user.is_staff)
            if not (seen or settings.DEBUG or settings.API_DOCS_PUBLIC):
                raise Problem(HTTPStatus.UNAUTHORIZED)
            return view(request)
        except Problem as problem:
            return problem.response(request)

    return guarded


@require_safe
@for_insiders
def openapi(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(text(), content_type=JSON)


@require_safe
@for_insiders
@csp_update({"img-src": ["data:"]})  # the icons in the style sheet of Swagger UI
def docs(request: HttpRequest) -> HttpResponse:
    """Show the description by Swagger UI, whose files come with Ninja."""
    swagger = {"url": reverse("api:openapi"), "layout": "BaseLayout", "deepLinking": True}
    return render(request, "api/docs.html", {"swagger": swagger})
