"""What Jinja compiled, kept for as long as the process lives.

Copier makes a new environment of Jinja for every project, and compiles the name of the answers file
and the rules of options again for every file and option. A template's code depends on its source,
its name and how Jinja was set up, and on nothing else; Jinja's own caches of bytecode rest on that.
Copier lets nobody give it one of those, so `Environment.compile`, which is Jinja's public way to
compile, remembers here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

_MOST = 10_000
"""The most that is remembered: a few versions of a template, and a look at many."""

_SETTINGS = (
    "autoescape",
    "block_end_string",
    "block_start_string",
    "comment_end_string",
    "comment_start_string",
    "keep_trailing_newline",
    "line_comment_prefix",
    "line_statement_prefix",
    "lstrip_blocks",
    "newline_sequence",
    "trim_blocks",
    "variable_end_string",
    "variable_start_string",
)

_known: dict[tuple[Any, ...], Any] = {}


@contextlib.contextmanager
def compiling_once() -> Iterator[None]:
    """Compile nothing twice while the context lasts, whichever environment it is for.

    For one thread alone. An error names the file that a source was first compiled from.
    """
    from jinja2 import Environment

    compile_ = Environment.compile

    def remembering(
        self: Environment, source: Any, name: str | None = None, *more: Any, **named: Any
    ) -> Any:
        if not isinstance(source, str) or named or len(more) > 1:
            return compile_(self, source, name, *more, **named)
        setup = (type(self), *self.extensions, *(getattr(self, each) for each in _SETTINGS))
        key = (source, name, *setup)
        if key not in _known:
            if len(_known) >= _MOST:
                _known.clear()
            _known[key] = compile_(self, source, name, *more)
        return _known[key]

    Environment.compile = remembering  # type: ignore[method-assign]
    try:
        yield
    finally:
        Environment.compile = compile_  # type: ignore[method-assign]
