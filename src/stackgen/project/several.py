"""Several projects looked at at the same time, and told in the order in which they were named."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from stackgen.changes.staging import temporary_directory
from stackgen.progress import step
from stackgen.template.rendering import Renderer
from stackgen.template.renders import Renders
from stackgen.template.source import Source

_MOST_PROCESSES = 8
_WORTH_A_PROCESS = 8
_AHEAD = 4
"""How many projects a thread may be ahead of whoever takes the results: what waits takes memory."""

Result = TypeVar("Result")


def processes(projects: int) -> int:
    """Return how many processes render: each takes as long to start as some projects take."""
    return min(os.cpu_count() or 1, _MOST_PROCESSES, projects // _WORTH_A_PROCESS + 1)


def look_at(
    paths: Sequence[Path], look: Callable[[Path, Renders], Result], template: Source
) -> Iterator[Result]:
    """Look at projects, and yield what was found in each; the order stays.

    Args:
        paths: The projects' directories.
        look: What is called for each, by several threads, with what renders the template.
        template: The source to compare to.

    Raises:
        RenderError: There is no place to render in, or nothing to render with.
    """
    threads = processes(len(paths))
    coming = iter(paths)
    waiting: deque[Future[Result]] = deque()
    with contextlib.ExitStack() as stack:
        private = stack.enter_context(temporary_directory())
        renderers = [stack.enter_context(Renderer(private / "kept")) for _ in range(threads)]
        renders = Renders(template, private, renderers)
        pool = ThreadPoolExecutor(threads)
        stack.callback(pool.shutdown, cancel_futures=True)
        for number in range(1, len(paths) + 1):
            while len(waiting) < threads * _AHEAD and (path := next(coming, None)) is not None:
                waiting.append(pool.submit(look, path, renders))
            with step(f"Comparing project {number} of {len(paths)}"):
                found = waiting.popleft().result()
            yield found
