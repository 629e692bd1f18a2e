"""Where the template, its version and its history are found."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from source_tree import FILE, SourceTree

from stackgen.errors import SourceError
from stackgen.template import source

VERSION = re.compile(r"\d+\.\d+\.\d+(\.dev\d+\+\S+|\.dev0)?")


def folder(path: Path, *names: str) -> Path:
    """Make an installed package folder with these entries in its `_template`."""
    template = path / "stackgen" / "_template"
    (template / "templates").mkdir(parents=True)
    for name in ("copier.yml", *names):
        (template / name).touch()
    return path / "stackgen"


def test_the_checkout_is_a_source():
    root = source.template_root()
    assert (root / "copier.yml").is_file()
    assert (root / "templates").is_dir()
    assert source.history().exists()


def test_version_is_one_of_the_installation():
    assert VERSION.fullmatch(source.version())
    assert source.tag() == f"v{source.version()}"


def test_a_clone_has_the_version_of_what_it_holds_now(monkeypatch, tmp_path):
    """The template is read from there: what it was when it was installed is no matter."""
    tree = SourceTree(tmp_path / "tree")
    package = tree.root / "src/stackgen"
    package.mkdir()
    monkeypatch.setattr(source, "_PACKAGE", package)
    assert source.version() == tree.version
    (script := tmp_path / "version.py").write_text(
        "import sys\nfrom pathlib import Path\nfrom stackgen.template import source\n"
        "source._PACKAGE = Path(sys.argv[1])\nprint(source.version())\n"
    )

    def now() -> str:
        command = [sys.executable, str(script), str(package)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert now() == tree.version
    tree.enter("1.0.0", tree.change(1))
    assert now() == "1.0.0"
    tree.write({FILE: "mine\n"})
    assert now().startswith("1.0.1.dev1+g")
    assert ".dirty." in now()


def test_a_wheel_brings_its_version(monkeypatch, tmp_path):
    package = folder(tmp_path)
    (package / "version.txt").write_text("7.8.9\n")
    monkeypatch.setattr(source, "_PACKAGE", package)
    assert source.version() == "7.8.9"
    assert source.tag() == "v7.8.9"


def test_files_without_git_have_the_version_of_the_installation(monkeypatch, tmp_path):
    monkeypatch.setattr(source, "_PACKAGE", tmp_path / "src" / "stackgen")
    assert source.version() == metadata.version("stackgen")


def test_an_uninstalled_package_has_no_version(monkeypatch, tmp_path):
    monkeypatch.setattr(source, "_PACKAGE", tmp_path / "src" / "stackgen")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "missing")])
    with pytest.raises(SourceError, match="not installed"):
        source.version()


def test_installed_folder_wins(monkeypatch, tmp_path):
    package = folder(tmp_path, "templates.bundle")
    monkeypatch.setattr(source, "_PACKAGE", package)
    assert source.template_root() == package / "_template"
    assert source.history() == package / "_template" / "templates.bundle"


def test_missing_template_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(source, "_PACKAGE", tmp_path / "a" / "b" / "stackgen")
    with pytest.raises(SourceError, match="holds no template"):
        source.template_root()


def test_missing_history_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(source, "_PACKAGE", folder(tmp_path))
    with pytest.raises(SourceError, match=r"templates\.bundle"):
        source.history()


def test_version_imports_nothing_heavy():
    code = "import sys, stackgen.template.source as s; s.version(); print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert not {"copier", "typer", "importlib.metadata", "yaml", "questionary"} & set(loaded)
