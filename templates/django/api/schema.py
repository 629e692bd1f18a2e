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
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "With 422: what is wrong, and where.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
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
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of the API."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-sessionid",
        "description": "The session of the site; changes need its `X-CSRFToken` as well.",
    },
}
TEXT = {"schema": {"type": "string"}}
# The headers of answers, by their status
HEADERS: dict[int, dict[str, Any]] = {
    200: {"ETag": TEXT},
    201: {"ETag": TEXT, "Idempotency-Replayed": TEXT, "Location": TEXT},
    401: {"WWW-Authenticate": TEXT},
    429: {"Retry-After": {"schema": {"type": "integer"}}},
}
COMMON = (304, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500)
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of what you have: 304 if it is still the same.",
    "schema": {"type": "string"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of what you change: 412 if it is no longer the same.",
    "schema": {"type": "string"},
}


@cache
def document() -> dict[str, Any]:
    """Return the description; Ninja knows what views take and give, and the rest is added here."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    del schema["servers"]
    schema["components"] = {
        "schemas": {"Problem": PROBLEM, **schema["components"]["schemas"]},
        "responses": {str(status): common_response(status) for status in COMMON},
        "securitySchemes": SECURITY,
    }
    # What a query is made of is described where it is taken.
    references = json.dumps(schema)
    for name in list(schema["components"]["schemas"]):
        if f'#/components/schemas/{name}"' not in references:
            del schema["components"]["schemas"][name]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            complete(path, method, operation)
    return schema


def complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add to an operation the errors and headers that follow from what it takes."""
    responses, parameters = operation["responses"], operation["parameters"]
    names = {parameter["name"] for parameter in parameters}
    for parameter in parameters:
        if parameter["in"] == "path":
            parameter["schema"].pop("title")
    operation["summary"] = operation.pop("description", operation["summary"])
    operation.setdefault("security", [{"token": []}, {"session": []}])
    statuses = {401, 429, 500}
    if "{" in path:
        statuses |= {404}
    if "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
    if any(parameter["in"] == "query" for parameter in parameters):
        statuses |= {422}
    if "Idempotency-Key" in names:
        statuses |= {409}
    if method == "get":
        statuses |= {304}
        parameters.append(IF_NONE_MATCH)
    else:
        statuses |= {403}
    if method in {"patch", "delete"}:
        statuses |= {412}
        parameters.append(IF_MATCH)
    for status, response in responses.items():
        if headers := HEADERS.get(int(status)):
            response["headers"] = headers
    for status in statuses:
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
    operation["responses"] = dict(sorted(responses.items()))


def common_response(status: int) -> dict[str, Any]:
    """Describe an answer that is the same for every operation."""
    response: dict[str, Any] = {"description": phrase(HTTPStatus(status))}
    if status >= 400:
        content = {"schema": {"$ref": "#/components/schemas/Problem"}}
        response["content"] = {CONTENT_TYPE: content}
    if status in HEADERS:
        response["headers"] = HEADERS[status]
    return response


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
    return render(request, "api/docs.html", {"brand": settings.SITE_NAME, "swagger": swagger})
