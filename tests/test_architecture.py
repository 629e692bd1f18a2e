"""The packages look one way, the contracts bite, and the page about them is true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/stackgen"
PAGE = ROOT / "docs/architecture.md"
PACKAGES = sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file())
INTERFACES = ("typer", "click", "prompt_toolkit", "rich")

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LAYERS = [
    [name.strip() for name in layer.split("|")] for layer in CONTRACTS["contracts"][0]["layers"]
]


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What each package or module of the root imports of the others."""
    graph = grimp.build_graph("stackgen")
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        importer = module.partition(".")[2].partition(".")[0]
        for imported in graph.find_modules_directly_imported_by(module):
            target = imported.partition(".")[2].partition(".")[0]
            if importer and target and importer != target:
                found.setdefault(importer, set()).add(target)
    return found


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def planted() -> list[tuple[str, str]]:
    """Every import that a package must not have, in a new module of it."""
    order = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    cases = []
    for package in PACKAGES:
        higher = [name for name in PACKAGES if order[name] < order[package]]
        beside = [name for name in PACKAGES if order[name] == order[package] and name != package]
        cases += [(package, f"stackgen.{name}") for name in higher[:1] + beside]
        cases.append((package, "copier"))
        if package != "cli":
            cases += [(package, name) for name in INTERFACES]
    return cases


def test_the_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_a_forbidden_import_is_refused_in_every_package(copy: Path, package: str) -> None:
    """All of a package's at once, each in a module of its own, and each is named."""
    names = [name for owner, name in planted() if owner == package]
    modules = []
    for number, name in enumerate(names):
        module = copy / "src/stackgen" / package / f"planted_{number}.py"
        module.write_text(f"import {name}\n")
        modules.append(module)
    try:
        done = lint(copy)
    finally:
        for module in modules:
            module.unlink()
    assert done.returncode == 1
    for number, name in enumerate(names):
        line = f"stackgen.{package}.planted_{number} -> {name}"
        assert line in done.stdout, (line, done.stdout)


def test_a_new_package_must_be_given_its_place(copy: Path) -> None:
    new = copy / "src/stackgen/web"
    new.mkdir()
    (new / "__init__.py").write_text("")
    try:
        done = lint(copy)
    finally:
        shutil.rmtree(new)
    assert done.returncode == 1
    assert "stackgen.web" in done.stdout


def test_the_page_says_who_imports_whom(imports: dict[str, set[str]]) -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {name: {*re.findall(r"`(\w+)`", cell)} for name, cell in rows}
    real = {name: imports.get(name, set()) for layer in LAYERS for name in layer}
    assert told == real


def test_the_page_draws_the_layers() -> None:
    drawing = re.search(r"```text\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert drawing
    drawn = [re.findall(r"[a-z_]+", line) for line in drawing[1].splitlines() if line.strip(" |v")]
    assert drawn == LAYERS


def test_the_page_names_every_module() -> None:
    page = PAGE.read_text("utf-8")
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if path.name != "__init__.py":
            assert f"`{name}`" in page, name
    for name in re.findall(r"`([\w/]+\.py)`", page):
        assert any((folder / name).is_file() for folder in (SOURCE, ROOT)), name
