"""Times ways to render for several threads: why Copier has a process of its own.

    python -m pip install .
    python benchmarks/render.py [projects a thread]

Each way renders the same projects with one, two and four threads, and the ways take turns. "A lock
around Copier" is the way not taken: it renders in the process itself, where git is hidden for all
threads meanwhile.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from stackgen import load_options, template_root
from stackgen.template.rendering import Renderer, render

ROOT = template_root()
OPTIONS = load_options(ROOT)
VALUES = OPTIONS.resolve({"framework": OPTIONS.default_framework}).values
THREADS = (1, 2, 4)

Work = Callable[[int, Path], None]
LOCK = threading.Lock()


def under_a_lock(_thread: int, destination: Path) -> None:
    """Render in this process, while no other thread does."""
    from copier import Settings, run_copy
    from plumbum import local

    with LOCK, local.env(PATH=os.devnull):
        run_copy(
            str(ROOT),
            destination,
            data=dict(VALUES),
            defaults=True,
            quiet=True,
            settings=Settings(),
        )


def ways(threads: int, stack: ExitStack) -> dict[str, Work]:
    """Return the ways to render, with what they keep between two projects already started."""
    shared = stack.enter_context(Renderer())
    own = [stack.enter_context(Renderer()) for _ in range(threads)]
    warm = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    under_a_lock(0, warm / "lock")
    for number, renderer in enumerate((shared, *own)):
        renderer.render(ROOT, warm / str(number), VALUES)
    return {
        "a lock around Copier": under_a_lock,
        "one renderer for all": lambda _, place: shared.render(ROOT, place, VALUES),
        "a renderer a thread": lambda thread, place: own[thread].render(ROOT, place, VALUES),
        "a renderer a project": lambda _, place: render(ROOT, place, VALUES),
    }


def main() -> None:
    """Print the seconds a project of every way and number of threads, and its processor time."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    print(f"{'seconds a project':24}" + "".join(f"{f'{n} thread(s)':>20}" for n in THREADS))
    lines: dict[str, str] = {}
    for threads in THREADS:
        with ExitStack() as stack:
            for name, work in ways(threads, stack).items():
                wall, processor = timed(work, threads, count)
                lines[name] = lines.get(name, "") + f"{f'{wall:.2f} (cpu {processor:.2f})':>20}"
    for name, line in lines.items():
        print(f"{name:24}{line}")


def timed(work: Work, threads: int, count: int) -> tuple[float, float]:
    """Return the wall clock and processor seconds a project; the latter of this process alone."""

    def several(thread: int) -> None:
        for number in range(count):
            work(thread, Path(folder, f"{thread}-{number}"))

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(threads) as pool:
        start, used = time.perf_counter(), time.process_time()
        list(pool.map(several, range(threads)))
        total = threads * count
        return (time.perf_counter() - start) / total, (time.process_time() - used) / total


if __name__ == "__main__":
    main()
