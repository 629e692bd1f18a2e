"""Structured logs: JSON in production, coloured lines in development."""

import logging
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from structlog.typing import EventDict, Processor, WrappedLogger

SECRETS = frozenset(
    {
        *("password", "passwd", "old_password", "new_password", "new_password1", "new_password2"),
        *("password1", "password2", "secret", "secret_key", "api_key", "private_key"),
        *("token", "access_token", "refresh_token", "api_token", "csrf_token"),
        *("csrfmiddlewaretoken", "cookie", "cookies", "set_cookie", "authorization"),
        *("proxy_authorization", "session", "session_key", "sessionid"),
    }
)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide the value of every field whose name is that of a secret, however deep it is."""
    # Django adds the request, whose text has the query string; the request's id stands for it.
    event.pop("request", None)
    return {name: _hide(name, value) for name, value in event.items()}


@lru_cache
def _is_secret(name: object) -> bool:
    return str(name).lower().replace("-", "_") in SECRETS


def _hide(name: object, value: Any) -> Any:
    if _is_secret(name):
        return "[redacted]"
    if isinstance(value, Mapping):
        return {inner: _hide(inner, each) for inner, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hide("", each) for each in value]
    return value


def logging_settings(level: str, *, json: bool) -> dict[str, Any]:
    """Configure structlog and return `LOGGING`, which sends all other logs through it."""
    if level not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(
            f"LOG_LEVEL cannot be `{level}`. Set it to DEBUG, INFO, WARNING or ERROR."
        )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    # Without the variables of each frame: a password may be among them.
    trace = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    render: list[Processor] = [
        structlog.processors.ExceptionRenderer(trace),
        structlog.processors.JSONRenderer(),
    ]
    if not json:
        render = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *shared],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
            }
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Django's own handlers would print a second copy of each line.
            "django": {"handlers": [], "level": level, "propagate": True},
            # Every response has its line from `request_log`; these would repeat it, save for the
            # trace of an error.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": True},
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }
