"""Logs: one line an event, JSON in production, with the id of the request and no secrets.

`gunicorn.conf.py` runs this file by itself: it must not import anything of the application.
"""

import logging
import logging.config
import re
import secrets
import sys
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import structlog
from flask import Flask, Request
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[redacted]"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
SECRETS = frozenset(
    {
        *("password", "passwd", "current_password", "new_password", "old_password"),
        *("secret", "secret_key", "api_key", "private_key", "token", "access_token"),
        *("refresh_token", "api_token", "csrf_token", "x_csrftoken", "cookie", "cookies"),
        *("set_cookie", "authorization", "proxy_authorization", "session", "session_key"),
    }
)


@lru_cache(maxsize=1024)
def is_secret(name: object) -> bool:
    return str(name).lower().replace("-", "_") in SECRETS


def hide(value: Any) -> Any:
    """Return a value without the secrets in it, which their names tell, however deep they are."""
    if isinstance(value, dict):
        return {name: HIDDEN if is_secret(name) else hide(each) for name, each in value.items()}
    return [hide(each) for each in value] if isinstance(value, list | tuple) else value


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if is_secret(name):
            event[name] = HIDDEN
        elif not isinstance(value, str | int | float):
            event[name] = hide(value)
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    redact,
]


def renderers(*, json: bool) -> list[Processor]:
    if json:
        # JSON escapes line breaks, so that no value can forge a second line.
        return [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=str),
        ]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def logging_settings(level: str, *, json: bool) -> dict[str, Any]:
    """Return what `logging.config` takes: libraries write to stderr in the same format."""
    add_name, add_extra = structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder()
    remove_own = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [add_name, add_extra, *SHARED],
                "processors": [remove_own, *renderers(json=json)],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
{% if database != 'none' %}
            # Flask-Alembic adds handlers of its own.
            "alembic": {"handlers": []},
            "sqlalchemy": {"handlers": []},
{% endif %}
{% if database != 'none' or frontend != 'none' %}
            # These report what has a line of its own, or what nobody asks for.
{% endif %}
{% if database != 'none' %}
            "alembic.runtime.plugins": {"level": "WARNING"},
{% endif %}
{% if frontend != 'none' %}
            "flask_wtf.csrf": {"level": "WARNING"},
{% endif %}
        },
    }


def configure(level: str, *, json: bool) -> None:
    """Write everything that the application and its libraries log to stderr."""
    structlog.configure(
        processors=[*SHARED, *renderers(json=json)],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
    )
    logging.config.dictConfig(logging_settings(level, json=json))
    RequestLog.log = structlog.get_logger("app.request").bind()


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    configure(settings.log_level, json=settings.production)
    app.wsgi_app = RequestLog(app)  # type: ignore[method-assign]


class RequestLog:
    """WSGI middleware that writes one line a request, and binds its id to every other line."""

    log: Any = None  # bound when logging is configured, not for every line

    def __init__(self, app: Flask) -> None:
        self.wsgi_app = app.wsgi_app
        self.settings = app.config["SETTINGS"]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started = time.perf_counter()
        # The one that a trusted proxy gave the request, or a new one
        given = environ.get("HTTP_X_REQUEST_ID", "")
        trusted = self.settings.trusted_proxy_count and REQUEST_ID.fullmatch(given)
        request_id = given if trusted else secrets.token_hex(16)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            request: Request = environ["werkzeug.request"]
            # The server of development writes a line of its own, and probes come every few seconds.
            quiet = not self.settings.production or request.blueprint == "probes"
            (self.log.debug if quiet else self.log.info)(
                "request",
                method=request.method,
                path=logged_path(request),
                status=int(status[:3]),
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
                address=request.remote_addr,
            )
            headers.append(("X-Request-ID", request_id))
            return start_response(status, headers, *error)

        return self.wsgi_app(environ, start)


def logged_path(request: Request) -> str:
    """Return the path of a request, without secrets; a query string may hold some, and is left out.

    A part of the path is a secret if its name in the route says so.
    """
    path = request.path
    for name, value in (request.view_args or {}).items():
        if is_secret(name):
            path = path.replace(str(value), HIDDEN)
    return path
