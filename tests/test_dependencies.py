"""Every package that is imported is declared, and every one declared is imported.

`deptry` does this well for a package, but knows nothing of what a build requires.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from option_matrix import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DOCUMENT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUN = DOCUMENT["project"]["dependencies"]
TEST = DOCUMENT["project"]["optional-dependencies"]["test"]
BUILD = DOCUMENT["build-system"]["requires"]

# Imported by nobody: run as commands, or read by mypy.
TOOLS = {
    "build",
    "check-jsonschema",
    "import-linter",
    "mypy",
    "pytest-xdist",
    "ruff",
    "uv",
    "zizmor",
} | {
    "types-pexpect",
    "types-pyyaml",
}
# What the benchmarks compare with; their first lines say how to install it.
COMPARED = {"django", "flask"}
# What they have from the proofs.
SHARED = ["tests/proof/tls_front.py"]

# What proofs copy into a project has the project's packages.
FOR_PROJECTS = {ROOT / "tests/proof/weeks", ROOT / "tests/proof/within"}


def names(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def imported(files: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """The distributions that files import, at the top or anywhere within, and where."""
    files = list(files)
    own = {"stackgen", *(file.stem for file in files)}
    homes = packages_distributions()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [str(node.module)]
            for module in {name.split(".")[0] for name in modules}:
                if module not in sys.stdlib_module_names | own:
                    for home in homes.get(module, [module]):
                        yield canonicalize_name(home), file.relative_to(ROOT)


def reached(*modules: str) -> list[str]:
    """The files of modules of the program and of all that they import of it."""
    graph = grimp.build_graph("stackgen")
    found = {*modules}.union(*(graph.find_upstream_modules(module) for module in modules))
    paths = (f"src/{module.replace('.', '/')}" for module in found)
    return [f"{path}.py" for path in paths if (ROOT / f"{path}.py").is_file()]


# What the hook imports from the tree that it builds: see its first lines.
HOOK = reached("stackgen.template.bundle", "stackgen.template.versions")

CASES = {
    "the program": (["src/**/*.py"], RUN, RUN, set()),
    "the build": (["hatch_build.py", *HOOK], BUILD, BUILD, set()),
    "the tests": (["tests/**/*.py", "docs/**/*.py", "hatch_build.py"], RUN + TEST, TEST, TOOLS),
    "the benchmarks": (["benchmarks/*.py", *SHARED], RUN + TEST, [], COMPARED),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_imported_is_what_is_declared(case: str) -> None:
    patterns, allowed, needed, others = CASES[case]
    files = (file for pattern in patterns for file in ROOT.glob(pattern))
    found = list(imported(file for file in files if not FOR_PROJECTS & set(file.parents)))
    undeclared = {(name, file) for name, file in found if name not in names(allowed) | others}
    assert not undeclared
    assert names(needed) - {name for name, _ in found} - others == set()


def test_imports_are_found_wherever_they_stand() -> None:
    """Within a function, and where a package has another name than its distribution."""
    program = {name for name, _ in imported((ROOT / "src").rglob("*.py"))}
    assert {"copier", "jinja2", "pyyaml", "prompt-toolkit"} <= program
