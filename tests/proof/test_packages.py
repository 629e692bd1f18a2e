"""No project may be called as a package that it installs: the list of them is kept here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from option_matrix import COVERING, DEFAULTS
from rendering import Project, Render

from stackgen.project.packages import installed_packages

pytestmark = pytest.mark.proof

UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


def requirements(project: Project) -> set[str]:
    """All that a project says it needs, to be built, run and worked on."""
    document = tomllib.loads(project.read("pyproject.toml"))
    metadata = document["project"]
    lists = [
        document["build-system"]["requires"],
        metadata["dependencies"],
        *metadata.get("optional-dependencies", {}).values(),
        *document.get("dependency-groups", {}).values(),
    ]
    return {text for each in lists for text in each}


def closure(needed: set[str], folder: Path) -> set[str]:
    """What these need in turn, on any system and any Python from 3.11 on."""
    (folder / "needed.in").write_text("\n".join(sorted(needed)))
    words = ["--universal", "--python-version", "3.11", "--no-header", "--no-annotate", "--quiet"]
    done = subprocess.run(
        [str(UV), "pip", "compile", *words, "needed.in"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        pytest.skip(f"there is no package index to ask: {last.strip()}")
    names = re.findall(r"^([A-Za-z0-9._-]+)", done.stdout, re.MULTILINE)
    return {re.sub("[-_.]+", "-", name).lower() for name in names}


@pytest.mark.skipif(UV is None, reason="needs uv")
def test_the_list_holds_every_package_that_a_project_installs(
    render: Render, tmp_path: Path
) -> None:
    found: set[str] = set()
    for framework, plain in DEFAULTS.items():
        rows = [plain, *(row for row in COVERING if row["framework"] == framework)]
        needed = set[str]().union(*(requirements(render(row)) for row in rows))
        assert needed
        found |= closure(needed, tmp_path)
    assert {"asgiref", "sqlparse", "markupsafe", "psycopg", "hatchling"} <= found
    missing = sorted(found - installed_packages())
    assert not missing, f"add to `stackgen/project/packages.txt`: {missing}"
