"""Times how a render grows with the number of files: whole, by Copier alone and by way of a stage.

    python -m pip install .
    python benchmarks/growth.py [rounds]

Trees of made-up modules of forty lines, one file in five with Jinja, as in the template's own
trees. `copier` renders as `stackgen` had it do before: in a warm process, without git. A first
render compiles every template; a later one in the same process finds them compiled.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from stackgen.template.rendering import Renderer

SIZES = (50, 100, 250, 500, 1000)
ONE_IN = 5
OPTIONS = """
_subdirectory: "templates/{{ framework }}"
_envops: {undefined: jinja2.StrictUndefined}
_exclude: ["__pycache__", "{% if not (part | default(false)) %}/part{% endif %}"]
framework: {type: str, choices: [one], default: one}
name: {type: str, default: shop}
part: {type: bool, default: false}
"""
LINES = "".join(f"def function_{number}():\n    return {number}\n\n" for number in range(13))
VALUES = {"framework": "one", "name": "shop", "part": False}


def made_up(folder: Path, count: int, *, whole: bool) -> Path:
    """Write a template of so many files; with a link, which has Copier take it whole."""
    tree = folder / "templates/one"
    for number in range(count):
        place = tree / f"package_{number // 20}"
        place.mkdir(parents=True, exist_ok=True)
        if number % ONE_IN:
            (place / f"module_{number}.py").write_text(LINES)
        else:
            (place / f"module_{number}.py.jinja").write_text(f'NAME = "{{{{ name }}}}"\n{LINES}')
    (folder / "copier.yml").write_text(OPTIONS)
    if whole:
        (tree / "link.py").symlink_to("package_0/module_1.py")
    return folder


def seconds(renderer: Renderer, template: Path, destination: Path) -> float:
    """Return what a render took."""
    start = time.perf_counter()
    renderer.render(template, destination, VALUES)
    return time.perf_counter() - start


def main() -> None:
    """Print a line a size: median seconds of Copier alone, of a first and of a later render."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("| files | Copier alone | first | later | first of Copier alone |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for count in SIZES:
        alone, first, later = [], [], []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder, Renderer() as one, Renderer() as other:
                place = Path(folder)
                small = made_up(place / "small", 1, whole=False)
                for renderer, name in ((one, "a"), (other, "b")):  # Copier is imported now.
                    renderer.render(small, place / name, VALUES)
                whole = made_up(place / "whole", count, whole=True)
                staged = made_up(place / "staged", count, whole=False)
                alone.append(seconds(one, whole, place / "1"))
                first.append(seconds(other, staged, place / "2"))
                later.append(seconds(other, staged, place / "3"))
        middle = [statistics.median(each) for each in (alone, first, later)]
        cells = " | ".join(f"{each:.2f} s" for each in middle)
        print(f"| {count} | {cells} | {middle[1] / middle[0]:.2f} |")


if __name__ == "__main__":
    main()
