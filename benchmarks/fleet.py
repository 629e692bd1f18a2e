"""Times `stackgen status` over a folder of projects, and what it takes of memory.

    python -m pip install .
    python benchmarks/fleet.py [projects ...]

Without numbers: 10, 100 and 1000 projects, each with a name of its own, every other one of the
other framework, half of them edited and one release behind. The release is made for this: a clone
of the template's own files with one more commit, so that a forecast has something to merge.

A whole process: wall clock, the time of processors that it and all that it started took, which
does not depend on what else the machine does, and the most memory that they had at once.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from stackgen import generate, load_options, template_root
from stackgen.template.rendering import Renderer

NUMBERS = (10, 100, 1000)
PAGE = os.sysconf("SC_PAGE_SIZE")

# What `stackgen` runs, with the template of the folder instead of its own.
PROGRAM = """\
import sys
from pathlib import Path
from stackgen.template import source
template = Path(sys.argv.pop(1))
tag = sys.argv.pop(1)
source.installed = lambda: source.Source(root=template / tag, tag=tag, history=template / "history")
source.version = lambda: tag.removeprefix("v")
from stackgen.cli.app import run
sys.exit(run(sys.argv[1:]))
"""
COMMANDS = (("status",), ("status", "--forecast"))


def main() -> None:
    """Print seconds, seconds a project and megabytes, for each number of projects."""
    numbers = [int(word) for word in sys.argv[1:]] or NUMBERS
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "template")
        make_releases(template)
        places: list[Path] = []
        print(f"{os.cpu_count()} processors")
        for number in numbers:
            make_projects(Path(folder, "clones"), template, places, number)
            for command in COMMANDS:
                seconds, busy, peak = measured(command, template, places[:number])
                words = " ".join(command)
                print(
                    f"{words:<18} {number:5} projects {seconds:7.1f} s "
                    f"{busy:7.1f} s of processors, {busy / number:6.3f} each {peak:5.0f} MB",
                    flush=True,
                )


def make_releases(folder: Path) -> None:
    """Make a history of two releases, the template as it is now and one that changed a little."""
    history = folder / "history"
    shutil.copytree(template_root() / "templates", history / "templates")
    shutil.copy(template_root() / "copier.yml", history)
    git("init", "-q", "-b", "main", cwd=history)
    for tag in ("v1.0.0", "v1.1.0"):
        git("add", "--all", "--force", cwd=history)
        git("commit", "-qm", tag, cwd=history)
        git("tag", tag, cwd=history)
        git("worktree", "add", "-q", "--detach", str(folder / tag), tag, cwd=history)
        (folder / tag / ".git").unlink()
        for readme in sorted((history / "templates").glob("*/README.md.jinja")):
            readme.write_text(f"{readme.read_text()}\nThe next release.\n")
        for style in sorted((history / "templates/shared").glob("*.css")):
            style.write_text(f"{style.read_text()}\n/* The next release. */\n")


def make_projects(folder: Path, template: Path, places: list[Path], number: int) -> None:
    """Make projects until there are as many, committed, every other pair of them edited."""
    folder.mkdir(exist_ok=True)
    root = template / "v1.0.0"
    options = load_options(root)
    with Renderer(folder / ".kept") as renderer:
        while len(places) < number:
            count = len(places)
            place = folder / f"shop-{count}"
            framework = options.frameworks[count % len(options.frameworks)]
            values = options.resolve({"framework": framework, "project_name": place.name}).values
            generate(place, values, template=root, with_git=False, renderer=renderer)
            record = place / ".copier-answers.yml"
            lines = record.read_text().splitlines(keepends=True)
            lines = ["_commit: v1.0.0\n" if line.startswith("_commit") else line for line in lines]
            record.write_text("".join(lines))
            if count // 2 % 2:
                readme = place / "README.md"
                readme.write_text(f"{readme.read_text()}\nOurs.\n")
                settings = place / "pyproject.toml"
                settings.write_text(f"# Ours.\n{settings.read_text()}")
            git("init", "-q", "-b", "main", cwd=place)
            git("add", "--all", cwd=place)
            git("commit", "-qm", "first", cwd=place)
            places.append(place)


def measured(
    command: tuple[str, ...], template: Path, places: list[Path]
) -> tuple[float, float, float]:
    """Return the seconds that a call takes, those of processors, and the most megabytes."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(template), "v1.1.0", *command, *map(str, places)],
        stdout=subprocess.DEVNULL,
    )
    peak, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, megabytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = process.wait()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    done.set()
    watcher.join()
    if code != 3:  # noqa: PLR2004 - every project is behind
        sys.exit(code or 1)
    return seconds, busy, peak


def megabytes(pid: int) -> float:
    """Return the resident memory of a process and all below it; what they share counts twice."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0.0
    return pages * PAGE / 1e6 + sum(megabytes(int(child)) for child in children)


def git(*words: str, cwd: Path) -> None:
    """Run git without anybody's configuration."""
    who = {f"GIT_{role}_NAME": "A" for role in ("AUTHOR", "COMMITTER")}
    who |= {f"GIT_{role}_EMAIL": "a@example.com" for role in ("AUTHOR", "COMMITTER")}
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=cwd, env={**os.environ, **who, **nobody}, check=True)


if __name__ == "__main__":
    main()
