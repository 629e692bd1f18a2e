"""Who asks the API, and whether they may: decided before any of its views is called."""

from flask import Flask, Response, abort, current_app, request{{ ', session' if frontend != 'none' else '' }}
{% if frontend != 'none' %}
from flask_wtf.csrf import CSRFError
{% endif %}
from werkzeug.routing import RequestRedirect

from app.api import limits, schema, tokens
from app.api.bodies import UNFIT_TEXT, require_json
from app.api.problems import is_api, unprocessable
{% if frontend != 'none' %}
from app.extensions import csrf
{% endif %}

SAFE = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    limits.init_app(app)
    app.before_request(admit)
    app.after_request(finish)


def admit() -> Response | None:
    """Find the token{{ ' or the session' if frontend != 'none' else '' }} of the request, and refuse what it may not do."""
    if not is_api():
        return None
    if not request.path.isascii() or isinstance(request.routing_exception, RequestRedirect):
        abort(404)
    if request.routing_exception:
        return None
    if request.method == "OPTIONS":  # a browser asks without credentials
        return current_app.make_default_options_response()
    view = current_app.view_functions[request.endpoint or ""]
    reads = request.method in SAFE or getattr(view, "only_reads", False)
{% if frontend != 'none' %}
    # The header decides alone where it is sent, whatever session there is.
{% endif %}
    if "Authorization" in request.headers:
        token = tokens.of_request()
        limits.count(token)
        if token is None:
            abort(401)
        if token.scope == "read" and not reads:
            abort(403, "This token may only read.")
    else:
        limits.count(None)
{% if frontend != 'none' %}
        # A visitor of a page is whoever was given the token of a form.
        is_schema = request.blueprint == schema.blueprint.name
        if not is_open() and (is_schema or "csrf_token" not in session):
            abort(401)
        require_csrf_token()
{% else %}
        if not is_open():
            abort(401)
{% endif %}
    check_form()
    return None


{% include 'templates/shared/flask/api-admission.py' %}


def finish(response: Response) -> Response:
    """Keep what is sent out of every cache."""
    if is_api():
        response.headers.setdefault("Cache-Control", "no-store")
    return response
