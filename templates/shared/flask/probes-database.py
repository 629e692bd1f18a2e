"""Probes for a supervisor: `/livez`, the process answers; `/readyz`, {{ 'pages' if frontend != 'none' else 'requests' }} will work.

They answer any host and over plain http, since a probe calls an address.
"""

{% if frontend != 'none' %}
import os
{% endif %}
from collections.abc import Iterator

import structlog
from flask import Blueprint, Flask, Response, current_app
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app.access import public

blueprint = Blueprint("probes", __name__)
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    with app.app_context():
        heads = app.extensions["alembic"].heads(resolve_dependencies=True)
    app.extensions["migration_heads"] = {script.revision for script in heads}
    app.register_blueprint(blueprint)


def faults() -> Iterator[tuple[str, str]]:
    """Return what keeps {{ 'pages' if frontend != 'none' else 'requests' }} from working, each with what to do about it."""
    engine = current_app.extensions["sqlalchemy"].engine.execution_options(reads_only=True)
    try:
        with engine.connect() as connection:
            migrated = inspect(connection).has_table("alembic_version")
            versions = text("SELECT version_num FROM alembic_version")
            current = set(connection.scalars(versions)) if migrated else set()
    except SQLAlchemyError as error:
        yield f"The database does not answer: {type(error).__name__}.", "Look at DATABASE_URL."
    else:
        if current != current_app.extensions["migration_heads"]:
            yield "Migrations are not applied.", "Run: flask --app wsgi db upgrade"
{% if frontend != 'none' %}
    settings = current_app.config["SETTINGS"]
    if "media_root" in settings.model_fields_set and not os.access(settings.media_root, os.W_OK):
        yield f"{settings.media_root} cannot be written to.", "Make it, or look at MEDIA_ROOT."
{% endif %}


@blueprint.get("/livez")
@public
def livez() -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response("ok\n", headers=headers, mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    response = livez()
    for fault, remedy in faults():
        log.error("not ready", fault=fault, remedy=remedy)
        response.status_code, response.data = 503, b"unavailable\n"
    return response
