"""`pylock.toml`, where it is kept, is what `uv.lock` and `pyproject.toml` say."""

import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def read(name: str) -> dict[str, Any]:
    path = ROOT / name
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def packages(lock: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The versions of each package: a lock for all systems may have two."""
    found: dict[str, set[str]] = {}
    for package in lock:
        found.setdefault(package["name"], set()).add(package.get("version", ""))
    return found


def needed(lock: list[dict[str, Any]]) -> set[str]:
    """The packages that the project needs, and those that they need in turn."""
    parts = {package["name"]: package for package in lock}
    (own,) = [package for package in lock if {"editable", "virtual"} & package["source"].keys()]
    waiting, found = list(own.get("dependencies", [])), set[tuple[str, ...]]()
    while waiting:
        one = waiting.pop()
        key = (one["name"], *one.get("extra", []))
        if key not in found:
            found.add(key)
            package = parts[one["name"]]
            waiting += package.get("dependencies", [])
            for extra in key[1:]:
                waiting += package.get("optional-dependencies", {}).get(extra, [])
    return {key[0] for key in found}


def test_pylock_is_not_older_than_what_it_is_made_from() -> None:
    exported = packages(read("pylock.toml").get("packages", []))
    lock = read("uv.lock").get("package", [])
    locked = packages(lock)
    required = [Requirement(text) for text in read("pyproject.toml")["project"]["dependencies"]]
    old = {name for name in exported if locked and not exported[name] <= locked.get(name, set())}
    if exported and lock:
        old |= needed(lock) - exported.keys()
    for requirement in required if exported else []:
        versions = exported.get(canonicalize_name(requirement.name), set())
        if not versions or set(requirement.specifier.filter(versions)) != versions:
            old.add(requirement.name)
    assert not old, "make pylock.toml again, as README.md says"
