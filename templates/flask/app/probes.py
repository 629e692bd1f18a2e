"""Probes for a supervisor: `/livez`, the process answers; `/readyz`, it can serve.

They answer before the host is checked and over plain http, since a probe calls an address.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.extensions import alembic

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROBES = frozenset({"/livez", "/readyz"})
VERSIONS = text("SELECT version_num FROM alembic_version")

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Put the probes in front of `app`."""
    app.wsgi_app = Probes(app, app.wsgi_app)  # type: ignore[method-assign]


class Probes:
    """WSGI middleware that answers the two probes and passes everything else on."""

    def __init__(self, app: Flask, wsgi_app: "WSGIApplication") -> None:
        self.wsgi_app = wsgi_app
        self.engine = app.extensions["sqlalchemy"].engine
        with app.app_context():
            heads = alembic.heads(resolve_dependencies=True)
        self.heads = {script.revision for script in heads}

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a probe with 200 or 503, another method than GET and HEAD with 405."""
        path = environ["PATH_INFO"]
        if path not in PROBES:
            return self.wsgi_app(environ, start_response)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            refusal = Response("method not allowed\n", 405, {"Allow": "GET, HEAD"})
            return refusal(environ, start_response)
        fault = self.fault() if path == "/readyz" else None
        if fault:
            log.error("not ready", fault=fault)
        response = Response("unavailable\n" if fault else "ok\n", 503 if fault else 200)
        response.headers["Cache-Control"] = "no-store"
        return response(environ, start_response)

    def fault(self) -> str | None:
        """Return why the process cannot serve: no database, or one that lacks migrations."""
        try:
            with self.engine.connect().execution_options(reads_only=True) as connection:
                migrated = inspect(connection).has_table("alembic_version")
                current = set(connection.scalars(VERSIONS)) if migrated else set()
        except SQLAlchemyError as error:
            return type(error).__name__
        return None if current == self.heads else "migrations are not applied"
