"""What happens when the answer is out: how long an answer takes tells nothing of it."""

from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import Any

import structlog
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

from config.middleware import View

log = structlog.get_logger("later")


def later(request: HttpRequest, work: Callable[..., None], *args: Any) -> None:
    """Let `work` be done after the response to `request`, in a thread."""
    vars(request).setdefault("later", []).append(partial(work, *args))


def after_response(get_response: View) -> View:
    """Start what views left to be done once the server has sent the response."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        tasks = vars(request).get("later")
        if not tasks:
            return response
        close = response.close
        # The copy carries the id of the request into the log of the thread.
        context = copy_context()

        def close_and_start() -> None:
            close()
            start(partial(context.run, do, tasks))

        response.close = close_and_start  # type: ignore[method-assign]
        return response

    return middleware


def start(work: Callable[[], None]) -> Thread:
    """Do `work` in a thread; the process ends when the thread has."""

    def do_and_close() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=do_and_close, name="later")
    thread.start()
    return thread


def do(tasks: list[Callable[[], None]]) -> None:
    for task in tasks:
        try:
            task()
        except Error:
            log.exception("not done")
