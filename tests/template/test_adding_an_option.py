"""`docs/option.md`, followed to the letter on a copy of the repository, adds an option."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pages
import plumbum
import pytest
from copier import Settings, run_copy
from option_matrix import ROOT

from stackgen.errors import OptionError
from stackgen.template.combinations import offered
from stackgen.template.loading import load_options
from stackgen.template.rendering import Renderer

PAGE = (ROOT / "docs/option.md").read_text("utf-8")
RUN = {"project_name": "shop", "year": 2026}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository, after somebody did what the page says."""
    folder = tmp_path_factory.mktemp("copy") / "stackgen"
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in ("docs", "src", "templates", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("CHANGELOG.md", "README.md", "copier.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for block in pages.blocks(PAGE):
        pages.follow(block, folder)
    return folder


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def test_every_block_of_the_page_is_followed() -> None:
    assert all(block["do"] for block in pages.blocks(PAGE))


def test_the_option_is_known_and_its_rule_holds(copy: Path) -> None:
    options = load_options(copy)
    assert offered(options)["funding"] == ("true", "false")
    assert options.resolve(RUN).values["funding"] is False
    assert options.resolve({**RUN, "funding": "yes"}).values["funding"] is True
    with pytest.raises(OptionError, match=r"`funding` cannot be `true`\. .+ or `ci` to github"):
        options.resolve({**RUN, "funding": True, "ci": "gitlab"})


@pytest.mark.parametrize("framework", ["django", "flask"])
@pytest.mark.proof
def test_it_leaves_its_traces_where_it_is_on_and_no_others(
    copy: Path, renderer: Renderer, tmp_path: Path, framework: str
) -> None:
    made = {}
    for funding in (True, False):
        given = {**RUN, "framework": framework, "funding": funding}
        values = load_options(copy).resolve(given).values
        renderer.render(copy, tmp_path / f"{funding}", values)
        with plumbum.local.env(PATH=os.devnull):
            run_copy(
                str(copy),
                tmp_path / f"{funding}-copier",
                data=dict(values),
                defaults=True,
                quiet=True,
                settings=Settings(),
            )
        made[funding] = contents(tmp_path / f"{funding}")
        assert made[funding] == contents(tmp_path / f"{funding}-copier")
    changed = {name for name in made[True] if made[True][name] != made[False].get(name)}
    assert changed == {".github/FUNDING.yml", "README.md"}
    assert b"github: []" in made[True][".github/FUNDING.yml"]
    assert made[False].keys() == made[True].keys() - {".github/FUNDING.yml"}
    renderer.render(
        ROOT,
        tmp_path / "before",
        load_options(ROOT).resolve({**RUN, "framework": framework}).values,
    )
    assert made[False] == contents(tmp_path / "before")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".copier-answers.yml"
    }


@pytest.mark.soak
def test_the_tests_take_it_up(copy: Path) -> None:
    """Style, the table on the page, every pair of options, and what is left of those not chosen.

    That stackgen renders what Copier copies was compared above.
    """
    tests = ("tests/templates/test_style.py", "tests/template/test_combinations.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests,
         "tests/templates/test_renders.py", "tests/templates/test_leftovers.py",
         "-k", "not test_stackgen_renders_what_copier_copies"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
