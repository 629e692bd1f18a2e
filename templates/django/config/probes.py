"""Probes for a supervisor: `/livez`, the process answers; `/readyz`, it can serve.

They answer before the host is checked and over plain http, since a probe calls an address.
"""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

LIVE = "/livez"
READY = "/readyz"
PROBES = (LIVE, READY)
log = structlog.get_logger(__name__)


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer the two probes and pass on everything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path not in PROBES:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        fault = _fault() if request.path == READY else None
        response = HttpResponse(
            "unavailable\n" if fault else "ok\n",
            status=HTTPStatus.SERVICE_UNAVAILABLE if fault else HTTPStatus.OK,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )
        if fault:
            log.error("not ready", fault=fault)
        return response

    return middleware


def _fault() -> str | None:
    """Return why the process cannot serve: no database, or one that lacks migrations."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError) as error:
        return str(error)
    return f"{len(plan)} migrations are not applied" if plan else None
