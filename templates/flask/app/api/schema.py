"""The schema of the API (OpenAPI 3.1), and a page that shows it."""

import json
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import flask_swagger_ui
from apiflask import APIFlask
from flask import Blueprint, Response, current_app, request, url_for

from app.access import public
from app.config import SITE_NAME
from app.environment import ROOT
from app.extensions import csrf
from app.security import NONCE

FILE = ROOT / "openapi.json"
PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="stylesheet" href="${files}/swagger-ui.css">
<link rel="icon" href="${files}/favicon-32x32.png">
<div id="swagger-ui"></div>
<script src="${files}/swagger-ui-bundle.js"></script>
<script nonce="${nonce}">SwaggerUIBundle({"dom_id": "#swagger-ui", "url": "${schema}"})</script>
</html>
""")
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
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
}
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token, made by `api-token`."},
    "session": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "For pages of this site: its session, and the token of `GET /session/`.",
    },
}
HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "If-None-Match": ("Answer 304 if it still has this `ETag`.", {}),
    "If-Match": ("Change it only if it still has this `ETag`.", {}),
    "Idempotency-Key": (
        "A request that is sent again with the same key is done once; good for a day.",
        {"minLength": 1, "maxLength": 255, "pattern": "^[!-~]*$"},
    ),
}
REASONS = {
    304: "It is as the client has it",
    400: "The body is no JSON",
    401: "Nobody is signed in, or the token is not valid",
    403: "The token may only read, or the CSRF token of a page is missing",
    404: "There is no such thing",
    409: "A request with this key is in progress",
    412: "It was changed since",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "Fields are wrong",
    429: "Too many requests",
    500: "Something went wrong",
}

blueprint = Blueprint(
    "api_docs",
    __name__,
    url_prefix="/api/v1",
    static_folder=str(Path(flask_swagger_ui.__file__).parent / "dist"),
    static_url_path="/docs/files",
)
csrf.exempt(blueprint)


def init_app(app: APIFlask) -> None:
    """Serve the schema; the page as well where anybody may see it, or in development."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        SECURITY_SCHEMES=SECURITY,
        LOCAL_SPEC_PATH=FILE,
        AUTO_SERVERS=False,
        AUTO_200_RESPONSE=False,  # a view without `output` is no part of the API
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
    )
    app.spec_processor(complete)
    app.register_blueprint(blueprint)


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """Return the committed schema; in development the one that the code has now."""
    if current_app.config["SETTINGS"].production:
        return Response(FILE.read_bytes(), mimetype="application/json")
    return Response(json.dumps(current_app.spec), mimetype="application/json")  # type: ignore[attr-defined]


@blueprint.get("/docs/")
@public
def docs() -> Response:
    """Show the schema, and let it be tried."""
    nonce = request.environ[NONCE]
    page = PAGE.substitute(
        title=escape(SITE_NAME),
        files=url_for("api_docs.static", filename="").rstrip("/"),
        schema=url_for("api_docs.openapi"),
        nonce=nonce,
    )
    response = Response(page, mimetype="text/html")
    # Swagger UI draws its arrows from images within its style sheet.
    policy = current_app.config["CONTENT_SECURITY_POLICY"]
    policy = policy | {"img-src": [*policy["img-src"], "data:"]}
    text = "; ".join(" ".join([name, *allowed]) for name, allowed in policy.items())
    response.headers["Content-Security-Policy"] = text.replace("{nonce}", nonce)
    return response


def are_public() -> bool:
    """Tell whether anybody may read the schema; else a token is needed."""
    settings = current_app.config["SETTINGS"]
    return settings.api_docs_public or not settings.production


def complete(spec: Any) -> Any:
    """Add what is the same for every resource: errors, headers, and who may ask."""
    spec["components"]["schemas"]["Problem"] = PROBLEM
    spec["components"]["responses"] = {
        str(status): problem(reason) for status, reason in REASONS.items()
    }
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                complete_operation(path, method, operation)
    return spec


def complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    is_open = path.endswith("/session/")
    statuses = {429, 500}
    if not is_open:
        statuses |= {401}
        operation["security"] = [{"token": []}, {"session": []}]
    if "{" in path:
        statuses |= {404}
    if "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
        operation["requestBody"]["required"] = True
    elif operation["parameters"]:
        statuses |= {422}
    header, status = {
        "get": ("If-None-Match", 304),
        "post": ("Idempotency-Key", 409),
    }.get(method, ("If-Match", 412))
    statuses |= {status} if method == "get" else {status, 403}
    description, rules = HEADERS[header]
    schema = {"type": "string", **rules}
    operation["parameters"].append(
        {"name": header, "in": "header", "description": description, "schema": schema}
    )
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}


def problem(reason: str) -> dict[str, Any]:
    if reason == REASONS[304]:
        return {"description": reason}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": reason, "content": {"application/problem+json": {"schema": schema}}}
