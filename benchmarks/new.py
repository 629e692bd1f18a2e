"""Times `stackgen new` against the commands that people would type instead, in one run.

    python -m pip install . cookiecutter django
    python benchmarks/new.py [rounds]

Whole processes, wall clock; the commands take turns, so that a busy machine slows all alike, and
all have their bytecode after the first turn, as pip installs it. `copier` renders the same template
folder; `cookiecutter` renders as many files, rendered once by stackgen and made a template by two
braces in the name of their folder, and by `raw` where they hold braces of their own; `django-admin`
makes its own six.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stackgen import template_root

BIN = Path(sys.executable).parent
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def run(command: list[str], folder: Path) -> float:
    """Run a command without a terminal, and return the seconds it took."""
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return time.perf_counter() - start


def main() -> None:
    """Print the median, the least and the ratio to `stackgen new` of every command."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        commands = prepare(place)
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, command in commands.items():
                out = place / "out"
                out.mkdir()
                took = run(command, out)
                if turn:  # the first turn only warms the caches of the disk
                    seconds[name].append(took)
                shutil.rmtree(out)
    report(seconds)


def prepare(place: Path) -> dict[str, list[str]]:
    """Make the template folders, and return the commands to time."""
    template = place / "template"
    template.mkdir()
    shutil.copy(template_root() / "copier.yml", template)
    shutil.copytree(template_root() / "templates", template / "templates")
    stackgen = [str(BIN / "stackgen"), "new", "shop", "--framework", "django", "--quiet"]
    cookie = place / "cookie"
    cookie.mkdir()
    run([*stackgen, "--no-git"], cookie)
    for file in filter(Path.is_file, (cookie / "shop").rglob("*")):
        if b"{" in (content := file.read_bytes()):
            file.write_bytes(b"{% raw %}" + content + b"{% endraw %}")
    (cookie / "shop").rename(cookie / "{{cookiecutter.name}}")
    (cookie / "cookiecutter.json").write_text(json.dumps({"name": "shop"}))
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "stackgen --version": [str(BIN / "stackgen"), "--version"],
        "stackgen new --no-git": [*stackgen, "--no-git"],
        "stackgen new": stackgen,
        "copier copy": [
            str(BIN / "copier"), "copy", "--defaults", "--quiet",
            "--data", "framework=django", str(template), "shop",
        ],
        "cookiecutter": [str(BIN / "cookiecutter"), "--no-input", str(cookie)],
        "django-admin startproject": [str(BIN / "django-admin"), "startproject", "example"],
    }  # fmt: skip


def report(seconds: dict[str, list[float]]) -> None:
    """Print a line a command; a ratio is the median of the ratios within each round."""
    base = seconds["stackgen new --no-git"]
    print(f"{'':28}{'median s':>10}{'least s':>10}{'ratio':>8}")
    for name, times in seconds.items():
        ratio = statistics.median(b / t for b, t in zip(base, times, strict=True))
        print(f"{name:28}{statistics.median(times):10.3f}{min(times):10.3f}{ratio:8.2f}")
    print("ratio: `stackgen new --no-git` divided by the command")


if __name__ == "__main__":
    main()
