"""Structured logs: JSON in production, coloured lines in development."""

import sys
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from structlog.typing import EventDict, Processor, WrappedLogger

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SECRET_WORDS = ("password", "passwd", "secret", "token", "cookie", "authorization", "session")


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide the value of every field whose name says that it is a secret.

    Django adds the request to its own lines, whose text has the query string; the request's id
    stands for it.
    """
    event.pop("request", None)
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = "[redacted]"
    return event


def one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Escape control characters of the message, so that no text forges a line."""
    message = str(event["event"])
    event["event"] = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
    return event


def logging_settings(level: str, *, json: bool) -> dict[str, Any]:
    """Configure structlog and return `LOGGING`, which sends all other logs through it.

    Raises `ImproperlyConfigured` for a level that there is not.
    """
    if level not in LEVELS:
        raise ImproperlyConfigured(
            f"LOG_LEVEL cannot be `{level}`. Set it to one of {', '.join(LEVELS)}."
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
        cache_logger_on_first_use=False,
    )
    finish: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json:
        # Without the variables of each frame: a password may be among them.
        trace = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        finish += [
            structlog.processors.ExceptionRenderer(trace),
            structlog.processors.JSONRenderer(),
        ]
    else:
        finish += [one_line, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *shared],
                "processors": finish,
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
            # Sign-ins have their lines from users.signals.
            "axes": {"level": "ERROR"},
        },
    }
