"""Error pages. They stand alone: no database, no session, nothing that may be broken as well."""

from http import HTTPStatus

import structlog
from flask import Flask, json, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.logs import logged_path

ADVICE = {
    HTTPStatus.BAD_REQUEST: "The site could not read what the browser sent.",
    HTTPStatus.UNAUTHORIZED: "You have to say who you are first.",
    HTTPStatus.FORBIDDEN: "You are not allowed to see this.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address. Check its spelling.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not answer to such a request.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What you sent is larger than this site accepts.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many attempts. Wait a while, then try again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side. Trying again later may help.",
}
STALE_FORM = (
    "The form was open for too long, came from another site, or cookies are off. "
    "Go back, reload and send it again."
)
REFUSALS = {400, 403, 413, 429}

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, error_page)


def error_page(error: HTTPException) -> Response:
    """Return the page of an error, or a problem document where the client prefers JSON.

    Headers of the error, such as Allow or Retry-After, stay.
    """
    response = error.get_response()
    if error.response is not None:
        return response
    status = HTTPStatus(response.status_code)
    advice = STALE_FORM if isinstance(error, CSRFError) else ADVICE.get(status, status.description)
    if status in REFUSALS:
        log.warning(
            "refused", status=status.value, path=logged_path(request), reason=error.description
        )

    if prefers_json():
        problem = {"title": status.phrase, "status": status, "detail": advice}
        response.data = json.dumps(problem)
        response.content_type = "application/problem+json"
    else:
        response.data = render_template(
            "error.html",
            status=status.value,
            title=status.phrase,
            advice=advice,
        )
        response.content_type = "text/html; charset=utf-8"
    return response


def prefers_json() -> bool:
    """Tell whether a program asks: it sent JSON, or would rather have it than a page."""
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", "application/json", "application/problem+json"])
    return request.is_json or best not in {None, "text/html"}
