"""Times `stackgen update` against `copier update` on the same project, in one run.

    python -m pip install .
    python benchmarks/update.py [rounds]

Whole processes, wall clock; the commands take turns, so that a busy machine slows all alike. The
project is a default one with an edit of its own; the release after its own changes the README and
the style sheet. Needs a clone: `copier update` reads it as the repository of the template, by way
of git's `insteadOf`, so that it fetches nothing either.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
URL = "https://stackgen.invalid/stackgen.git"
PERSON = {
    f"GIT_{who}_{key}": value
    for who in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "A Person"), ("EMAIL", "person@example.com"))
}
# The installed stackgen, told that another folder is its template and another tag its version.
SCRIPT = """
import sys
from pathlib import Path
from stackgen.template import source
from stackgen.template.source import Source
root, tag, history, *words = sys.argv[1:]
installed = Source(root=Path(root), tag=tag, history=Path(history))
source.installed, source.tag = lambda: installed, lambda: tag
source.template_root = lambda: installed.root
from stackgen.__main__ import main
sys.argv[1:] = words
main()
"""


def run(*command: str, cwd: Path, **environment: str) -> float:
    """Run a command without a terminal, and return the seconds it took."""
    variables = {**os.environ, **PERSON, **environment}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=cwd,
        env=variables,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return time.perf_counter() - start


def main() -> None:
    """Print the median and the least of each command, and the ratio to `stackgen update`."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        commands = prepare(place)
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, (command, environment) in commands.items():
                shutil.copytree(place / "shop", place / "out", symlinks=True)
                took = run(*command, cwd=place / "out", **environment)
                if turn:  # the first turn only warms the caches of the disk
                    seconds[name].append(took)
                shutil.rmtree(place / "out")
    base = seconds["stackgen update"]
    for name, taken in seconds.items():
        ratio = statistics.median(own / each for own, each in zip(base, taken, strict=True))
        print(
            f"{name:<26} median {statistics.median(taken):6.3f} s  min {min(taken):6.3f} s  "
            f"stackgen update is {ratio:5.2f} of it"
        )


def prepare(place: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Make two releases and a project of the first; return the commands with their environment."""
    template = place / "template"
    template.mkdir()
    shutil.copy(ROOT / "copier.yml", template)
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    shutil.copytree(ROOT / "templates", template / "templates", ignore=ignored)
    run("git", "init", "--quiet", cwd=template)
    for tag in ("v1.0.0", "v1.1.0"):
        if tag != "v1.0.0":
            for name in ("django/README.md.jinja", "shared/site.css"):
                with (template / "templates" / name).open("a", encoding="utf-8") as file:
                    file.write("\n")
        run("git", "add", "--all", "--force", cwd=template)
        run("git", "commit", "--quiet", "--message", tag, cwd=template)
        run("git", "tag", tag, cwd=template)
        shutil.copytree(template, place / tag, ignore=shutil.ignore_patterns(".git"))
    stackgen = [sys.executable, "-c", SCRIPT]
    former = [*stackgen, str(place / "v1.0.0"), "v1.0.0", str(template)]
    present = [*stackgen, str(place / "v1.1.0"), "v1.1.0", str(template)]
    run(*former, "new", "shop", "--defaults", "--quiet", cwd=place)
    with (place / "shop/pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.own]\n")
    run("git", "commit", "--quiet", "--all", "--message", "Edit", cwd=place / "shop")
    redirected = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{template}.insteadOf",
        "GIT_CONFIG_VALUE_0": URL,
    }
    copier = [str(Path(sys.executable).parent / "copier"), "update", "--defaults", "--quiet"]
    return {
        "stackgen update": ([*present, "update"], {}),
        "stackgen update --dry-run": ([*present, "update", "--dry-run"], {}),
        "copier update": ([*copier, "--vcs-ref", "v1.1.0"], redirected),
    }


if __name__ == "__main__":
    main()
