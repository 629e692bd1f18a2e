"""Times `stackgen status` over many projects, each with a name of its own, in one call.

    python -m pip install .
    python benchmarks/status.py [projects]

Every other project is of the other framework. A whole process, wall clock; how much of it is spent
for each project shows how it grows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stackgen import generate, load_options, template_root

STACKGEN = str(Path(sys.executable).parent / "stackgen")


def main() -> None:
    """Print the seconds that one project takes, and all of them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    options = load_options(template_root())
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, f"shop-{number}") for number in range(count)]
        for number, place in enumerate(places):
            framework = options.frameworks[number % len(options.frameworks)]
            values = options.resolve({"framework": framework, "project_name": place.name}).values
            generate(place, values, with_git=False)
        print(f"{os.cpu_count()} processors")
        for some in (places[:1], places[:1], places):
            start = time.perf_counter()
            done = subprocess.run([STACKGEN, "status", "--quiet", *some], check=False)
            took = time.perf_counter() - start
            if done.returncode:
                sys.exit(done.returncode)
            print(f"{len(some):4} projects {took:7.2f} s")


if __name__ == "__main__":
    main()
