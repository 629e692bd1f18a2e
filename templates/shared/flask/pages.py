"""Pages that belong to no other part of the site."""

from contextlib import suppress

import structlog
from flask import Blueprint, Flask, Response, abort, {{ 'request\nfrom werkzeug.wrappers import Response as AnyResponse' if client else 'render_template, request' }}

{{ 'from app import client\n' if client else '' }}from app.access import public
from app.extensions import csrf

blueprint = Blueprint("pages", __name__{{ '' if client else ', template_folder="templates"' }})
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    if not app.config["SETTINGS"].production:
        app.add_url_rule("/csp-report/", view_func=blocked, methods=["POST"])


@blueprint.get("/")
@public
def home() -> {{ 'AnyResponse' if client else 'str' }}:
    return {{ 'client.page()' if client else 'render_template("pages/home.html")' }}


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    return Response("User-agent: *\nAllow: /\n", mimetype="text/plain")


@csrf.exempt
@public
def blocked() -> tuple[str, int]:
    """Say in the terminal what the content security policy kept from a page; development only."""
    with suppress(KeyError, TypeError):
        report = request.get_json(force=True)["csp-report"]
        log.warning(
            "blocked by CONTENT_SECURITY_POLICY",
            directive=report["effective-directive"],
            blocked=report["blocked-uri"],
            page=report["document-uri"],
        )
        return "", 204
    abort(400)
