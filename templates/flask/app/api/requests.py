"""Who asks the API, and whether they may: decided before any of its views is called."""

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import CSRFError
from werkzeug.routing import RequestRedirect

from app.api import limits, owners, schema, tokens
from app.api.bodies import require_json
from app.api.conditional import add_etag
from app.api.problems import is_api, unprocessable
from app.extensions import csrf, db

SAFE = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    app.before_request(admit)
    app.after_request(finish)


def admit() -> Response | None:
    """Find the token or the session of the request, and refuse what it may not do."""
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
    # The header decides alone where it is sent, whatever session there is.
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
        if not is_open():
            g.api_principal = owners.of_session()
            if g.api_principal is None or request.blueprint == schema.blueprint.name:
                abort(401)
        require_csrf_token()
    check_form()
    return None


def is_open() -> bool:
    """Tell whether nobody has to be known for what is asked."""
    is_schema = request.blueprint == schema.blueprint.name
    return request.endpoint == "api.session" or (is_schema and schema.are_public())


def require_csrf_token() -> None:
    try:
        csrf.protect()
    except CSRFError:
        abort(403, "The CSRF token is missing or wrong.")


def check_form() -> None:
    """Refuse what no view has to look at: a body of another type, a parameter given twice."""
    view = current_app.view_functions[request.endpoint or ""]
    if "body" in getattr(view, "_spec", {}):
        require_json()
    for name, values in request.args.lists():
        if len(values) > 1:
            errors = [{"pointer": f"?{name}", "detail": "It is given more than once."}]
            abort(unprocessable(errors))


def finish(response: Response) -> Response:
    """Name what is sent, and keep it out of every cache but the client's own."""
    if is_api():
        response.headers.setdefault("Cache-Control", "no-store")
        add_etag(response)
    return response
