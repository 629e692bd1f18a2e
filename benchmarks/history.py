"""Times what a long history costs: the build that carries it, and the update that looks it up.

    python -m pip install -e .
    python benchmarks/history.py [commits ...]

Commits of made-up changes, half of them to the template, are added to a clone of this repository.
CPU seconds, git's own included: the machine may be busy.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from stackgen.template.bundle import write_bundle
from stackgen.template.clone import find_clone
from stackgen.template.history import History
from stackgen.template.index import read_index
from stackgen.template.objects import all_objects
from stackgen.template.source import Source
from stackgen.template.versions import clone_version

ROOT = Path(__file__).resolve().parents[1]
LENGTHS = (300, 5000)
FIRST = 1_800_000_000


def git(*words: str, cwd: Path, stdin: bytes = b"") -> bytes:
    """Run git and return what it prints."""
    done = subprocess.run(["git", *words], cwd=cwd, input=stdin, capture_output=True, check=True)
    return done.stdout


def lengthened(clone: Path, count: int) -> None:
    """Add commits to a clone, each of which changes one to three files."""
    chance = random.Random(count)  # noqa: S311 - the same commits each time
    names = git("ls-files", "-z", "templates", "src", cwd=clone).decode().split("\0")
    texts = {name: (clone / name).read_bytes().split(b"\n") for name in names if name}
    head = git("rev-parse", "HEAD", cwd=clone).strip()
    script = b"".join(_commits(texts, head, count, chance))
    git("fast-import", "--quiet", "--force", cwd=clone, stdin=script)
    git("reset", "-q", "--hard", "made-up", cwd=clone)


def _commits(
    texts: dict[str, list[bytes]], head: bytes, count: int, chance: random.Random
) -> Iterator[bytes]:
    for number in range(count):
        folder = chance.choice(("templates/", "src/"))
        pool = [name for name in texts if name.startswith(folder)]
        yield b"commit refs/heads/made-up\n"
        yield b"committer A Person <person@example.com> %d +0000\n" % (FIRST + number)
        yield b"data 7\nmade up\n" + (b"" if number else b"from %s\n" % head)
        for name in chance.sample(pool, chance.choice((1, 1, 2, 3))):
            lines = texts[name]
            lines[chance.randrange(len(lines))] = chance.randbytes(20).hex().encode()
            content = b"\n".join(lines)
            yield b'M 100644 inline "%s"\ndata %d\n%s\n' % (name.encode(), len(content), content)


def seconds(work: Callable[[], object]) -> float:
    """Run something, and return the CPU seconds that it and its processes took."""
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


def measure(count: int, folder: Path) -> None:
    """Print what a clone with so many commits costs."""
    clone, bundle = folder / "clone", folder / "bundle"
    git("clone", "-q", str(ROOT), str(clone), cwd=folder)
    git("checkout", "-q", "-B", "made-up", cwd=clone)
    there = find_clone(clone)
    if there is None:
        sys.exit("This needs git.")
    lengthened(clone, count - len(there.line()))
    there = find_clone(clone)
    with all_objects(there) as objects:
        version = clone_version(there, objects)
    build = seconds(lambda: write_bundle(clone, version, bundle))
    index = read_index(bundle, f"v{version}")
    start = time.perf_counter()
    read_index(bundle, f"v{version}")
    reading = time.perf_counter() - start
    oldest = Source(root=clone, tag=f"v{version}", history=bundle)
    tag = f"v0.0.0.dev1+g{next(iter(index.commits))}"
    lookup = seconds(lambda: History(oldest, folder).template(tag))
    print(
        f"{count} commits: build {build:.1f} s, {bundle.stat().st_size / 1e6:.2f} MB, "
        f"{len(index.commits)} found and {len(index.omitted)} left out; "
        f"reading what is there {reading * 1000:.0f} ms, one template {lookup:.2f} s"
    )


def main() -> None:
    """Measure each of the lengths that were given."""
    for count in [int(word) for word in sys.argv[1:]] or LENGTHS:
        with tempfile.TemporaryDirectory() as folder:
            measure(count, Path(folder))


if __name__ == "__main__":
    main()
