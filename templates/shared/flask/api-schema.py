"""The schema of the API (OpenAPI 3.1), and a page that shows it."""

import json
import secrets
from html import escape
from http import HTTPStatus
from pathlib import Path
from string import Template
from typing import Any

import flask_swagger_ui
from apiflask import APIFlask
from flask import Blueprint, Response, current_app, url_for
{{ 'from flask_wtf.csrf import generate_csrf\n' if frontend != 'none' else '' }}
{{ 'from app.access import public\n' if database != 'none' or frontend != 'none' else '' }}from app.api.problems import phrase
from app.config import SITE_DESCRIPTION, SITE_NAME
from app.environment import ROOT

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
<script nonce="${nonce}">
SwaggerUIBundle({
  dom_id: "#swagger-ui",
  url: "${schema}",
{% if frontend != 'none' %}
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = "${csrf_token}";
    return request;
  },
{% endif %}
});
</script>
</html>
""")
# Swagger UI draws its arrows from images within its style sheet.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
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
{% if frontend != 'none' %}
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-session",
        "description": "The session of the site; changes need its `X-CSRFToken` as well.",
    },
{% endif %}
}
{% include 'templates/shared/flask/api-schema-headers-' ~ ('stateless' if database == 'none' else 'database') ~ '.py' %}

blueprint = Blueprint(
    "api_docs",
    __name__,
    url_prefix="/api/v1",
    static_folder=str(Path(flask_swagger_ui.__file__).parent / "dist"),
    static_url_path="/docs/files",
)


def init_app(app: APIFlask) -> None:
    """Serve the schema; the page as well where anybody may see it, or in development."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=SITE_DESCRIPTION,
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
{{ '@public\n' if database != 'none' or frontend != 'none' else '' }}def openapi() -> Response:
    """Return the committed schema; in development the one that the code has now."""
    if current_app.config["SETTINGS"].production:
        return Response(FILE.read_bytes(), mimetype="application/json")
    return Response(json.dumps(current_app.spec), mimetype="application/json")  # type: ignore[attr-defined]


@blueprint.get("/docs/")
{{ '@public\n' if database != 'none' or frontend != 'none' else '' }}def docs() -> Response:
    """Show the schema, and let it be tried."""
    nonce = secrets.token_urlsafe(16)
    page = PAGE.substitute(
        title=escape(SITE_NAME),
        files=url_for("api_docs.static", filename="").rstrip("/"),
        schema=url_for("api_docs.openapi"),
        nonce=nonce,
{{ '        csrf_token=generate_csrf(),\n' if frontend != 'none' else '' }}    )
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
    return response


def are_public() -> bool:
    """Tell whether anybody may read the schema; else a token is needed."""
    settings = current_app.config["SETTINGS"]
    return settings.api_docs_public or not settings.production


def complete(spec: Any) -> Any:
    """Add what is the same for every resource: errors, headers, and who may ask."""
    spec.pop("tags", None)
    spec["components"]["schemas"]["Problem"] = PROBLEM
    spec["components"]["responses"] = {str(status): common_response(status) for status in COMMON}
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                complete_operation(path, method, operation)
    return with_short_names(spec)


def complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add to an operation the errors and headers that follow from what it takes."""
    responses, parameters = operation["responses"], operation["parameters"]
    statuses = {401, 429, 500}
{% if frontend != 'none' %}
    operation["security"] = [{"token": []}, {"session": []}]
    if path.endswith("/session/"):
        operation["security"].insert(0, {})
{% else %}
    operation["security"] = [{"token": []}]
{% endif %}
    if "{" in path:
        statuses |= {404}
    if "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
        operation["requestBody"]["required"] = True
    if any(parameter["in"] == "query" for parameter in parameters):
        statuses |= {422}
    for parameter in parameters:
        if "description" in parameter["schema"]:
            parameter["description"] = parameter["schema"]["description"]
{% if database != 'none' %}
    header, status = {"get": (IF_NONE_MATCH, 304), "post": (KEY, 409)}.get(method, (IF_MATCH, 412))
    parameters.append(header)
    statuses |= {status} if method == "get" else {status, 403}
{% else %}
    if method != "get":
        statuses |= {403}
{% endif %}
    for status, response in responses.items():
        response["description"] = phrase(HTTPStatus(int(status)))
        if headers := HEADERS.get(int(status)):
            response["headers"] = headers
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}


def common_response(status: int) -> dict[str, Any]:
    """Describe an answer that is the same for every operation."""
    response: dict[str, Any] = {"description": phrase(HTTPStatus(status))}
    if status >= 400:
        content = {"schema": {"$ref": "#/components/schemas/Problem"}}
        response["content"] = {"application/problem+json": content}
    if status in HEADERS:
        response["headers"] = HEADERS[status]
    return response


def with_short_names(spec: Any) -> Any:
    """Call a model by its own name where another holds it: `NoteOut` and not `NoteList.NoteOut`."""
    schemas = spec["components"]["schemas"]
    text = json.dumps(spec)
    for name, schema in schemas.items():
        holder, _, own = name.rpartition(".")
        if holder and schemas.get(own, schema) == schema:
            text = text.replace(f'"{name}"', f'"{own}"').replace(f'/{name}"', f'/{own}"')
    return json.loads(text)
