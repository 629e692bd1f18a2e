"""Who asks the API, and whether they may: decided before any of its views is called."""

from flask import Flask, Response, abort, current_app, g, request
{% if frontend != 'none' %}
from flask_wtf.csrf import CSRFError
{% endif %}
from werkzeug.routing import RequestRedirect

from app.api import limits, owners, schema, tokens
from app.api.bodies import UNFIT_TEXT, require_json
from app.api.conditional import add_etag
from app.api.fields import LARGEST_ID
from app.api.problems import is_api, unprocessable
from app.extensions import {{ 'csrf, ' if frontend != 'none' else '' }}db

SAFE = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
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
    # What was read before a commit is not read again: the token, its user, what was created.
    db.session.expire_on_commit = False
{% if frontend != 'none' %}
    # The header decides alone where it is sent, whatever session there is.
{% endif %}
    if "Authorization" in request.headers:
        token = tokens.of_request()
        owners.enter(token)
        limits.count(token)
        if token is None:
            abort(401)
        g.api_principal = f"token {token.id}"
        if token.scope == "read" and request.method not in SAFE:
            abort(403, "This token may only read.")
    else:
        limits.count(None)
{% if frontend != 'none' %}
        if not is_open():
            g.api_principal = owners.of_session()
            if g.api_principal is None or request.blueprint == schema.blueprint.name:
                abort(401)
        require_csrf_token()
{% else %}
        if not is_open():
            abort(401)
{% endif %}
    check_form()
    # With `max` in an address Werkzeug would answer 405 to a DELETE.
    numbers = [value for value in (request.view_args or {}).values() if isinstance(value, int)]
    if max(numbers, default=0) > LARGEST_ID:
        abort(404)
    return None


{% include 'templates/shared/flask/api-admission.py' %}


def finish(response: Response) -> Response:
    """Name what is sent, and keep it out of every cache but the client's own."""
    if is_api():
        response.headers.setdefault("Cache-Control", "no-store")
        add_etag(response)
    return response
