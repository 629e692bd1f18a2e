"""The folders of front ends: alike in both frameworks, verbatim, and locked without addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from option_matrix import OPTIONS, ROOT

TREES = [ROOT / "templates" / framework for framework in OPTIONS.frameworks]
FOLDERS = sorted(path.name for path in TREES[0].glob("{{ * }}") if path.is_dir())


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"node_modules", "dist"} & set(path.parts)
    }


def test_there_are_front_ends() -> None:
    assert FOLDERS == ["{{ angular }}", "{{ htmx }}", "{{ react }}", "{{ vue }}"]


@pytest.mark.parametrize("name", FOLDERS)
def test_both_frameworks_have_the_same(name: str) -> None:
    first, second = (files(tree / name) for tree in TREES)
    assert first == second
    assert not [path for path in first if path.endswith(".jinja")]


@pytest.mark.parametrize("name", FOLDERS)
def test_the_lock_has_a_hash_for_each_package_and_no_address(name: str) -> None:
    lock = json.loads((TREES[0] / name / "package-lock.json").read_text())
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert len(packages) > 50
    assert [path for path, entry in packages.items() if not entry.get("integrity")] == []
    assert [path for path, entry in packages.items() if "resolved" in entry] == []
    manifest = json.loads((TREES[0] / name / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        assert lock["packages"][""][kind] == manifest[kind]


@pytest.mark.parametrize("name", FOLDERS)
def test_scripts_are_those_that_documents_name(name: str) -> None:
    manifest = json.loads((TREES[0] / name / "package.json").read_text())
    assert manifest["scripts"].keys() >= {
        "build",
        "dev",
        "e2e",
        "lint",
        "test",
        "type-check",
    }
    assert ("types" in manifest["scripts"]) is (name != "{{ htmx }}"), "htmx has no API to ask"
    assert manifest["engines"] == {"node": ">=24"}
