"""Logs: one line an event, JSON in production, with the id of the request and no secrets."""

import logging
import re
import sys
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Settings

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
SECRET_NAME = re.compile("authorization|cookie|csrf|passw|secret|session|token|api_?key")

log = structlog.stdlib.get_logger("app.request")


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide every value whose name says that it is a secret, in mappings inside it too."""
    for name, value in event.items():
        if SECRET_NAME.search(str(name).lower()):
            event[name] = "[redacted]"
        elif isinstance(value, dict):
            event[name] = redact(_logger, _method, dict(value))
    return event


def configure(settings: Settings) -> None:
    """Send everything that the application and its libraries log to stderr, in one format."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    # JSON escapes line breaks, so that no value can forge a second line.
    renderer: list[Processor] = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    if settings.production:
        renderer = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    # Flask-Alembic adds a handler of its own to these.
    for name in ("alembic", "sqlalchemy"):
        logging.getLogger(name).handlers.clear()


def init_app(app: Flask) -> None:
    """Give every request of `app` an id, and every response a line in the log."""
    app.before_request(start_request)
    if not app.debug:  # the server of development logs requests itself
        app.after_request(log_response)
    app.after_request(send_request_id)


def start_request() -> None:
    """Bind the id of the request: the one that a trusted proxy gave it, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    trusted = current_app.config["SETTINGS"].trusted_proxy_count and REQUEST_ID.fullmatch(given)
    g.request_id = given if trusted else uuid4().hex
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def log_response(response: Response) -> Response:
    """Write the line of the request; a query string may hold secrets, so it is left out."""
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
        address=request.remote_addr,
    )
    return response


def send_request_id(response: Response) -> Response:
    """Tell the client the id under which the log knows its request."""
    response.headers["X-Request-ID"] = g.request_id
    return response
