"""Logs: one line an event, JSON in production, with the id of the request and no secrets."""

import logging
import re
import sys
import time
from functools import lru_cache
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Settings

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
SECRET_NAME = re.compile("authorization|cookie|csrf|passw|secret|session|token|api_?key")

log = structlog.get_logger("app.request")


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Tell whether a field of this name holds what must not stand in a log."""
    return SECRET_NAME.search(name.lower()) is not None


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide every value whose name says that it is a secret, in mappings inside it too."""
    for name, value in event.items():
        if is_secret(str(name)):
            event[name] = "[redacted]"
        elif isinstance(value, dict):
            event[name] = redact(_logger, _method, dict(value))
    return event


def configure(settings: Settings) -> None:
    """Write everything that the application and its libraries log to stderr, in one format."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    # JSON escapes line breaks, so that no value can forge a second line.
    renderers: list[Processor] = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    if settings.production:
        renderers = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]

    structlog.configure(
        processors=[*processors, *renderers],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    # Libraries use the logging of the standard library: the same format, through a handler.
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *processors],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # These report what has a line of its own, or what nobody asks for.
    for name in ("alembic.runtime.plugins", "flask_wtf.csrf"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Flask-Alembic adds a handler of its own to these.
    for name in ("alembic", "sqlalchemy"):
        logging.getLogger(name).handlers.clear()


def init_app(app: Flask) -> None:
    """Give every request of `app` an id, and every response a line in the log."""
    app.before_request(start_request)
    app.after_request(log_response)


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
    # The server of development writes a line of its own.
    write = log.debug if current_app.debug else log.info
    write(
        "request",
        method=request.method,
        path=logged_path(),
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
        address=request.remote_addr,
    )
    response.headers["X-Request-ID"] = g.request_id
    return response


def logged_path() -> str:
    """Return the path of the request, without the parts whose names say that they are secrets."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        if is_secret(name):
            path = path.replace(str(value), "[redacted]")
    return path
