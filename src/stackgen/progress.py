"""What takes long says what it is doing, to whoever listens; the core itself never prints.

A face listens for as long as a command runs, and the core names its steps:

    with listening(show):
        ...
            with step("Merging"):
                ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str | None], object]
"""Called with the words for a step as it begins, and with those around it, or None, as it ends."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_current: ContextVar[str | None] = ContextVar("current", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell a listener every step of this thread, for as long as the context lasts."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def step(words: str) -> Iterator[None]:
    """Name what is done within the context; nothing happens where nobody listens.

    Args:
        words: What a person reads, such as `Merging`.
    """
    listener = _listener.get()
    if listener is None:
        yield
        return
    outer = _current.get()
    token = _current.set(words)
    listener(words)
    try:
        yield
    finally:
        _current.reset(token)
        listener(outer)
