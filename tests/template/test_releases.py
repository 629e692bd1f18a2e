"""The file that names releases: what it may hold, and what it says of a clone."""

from __future__ import annotations

import pytest
from option_matrix import ROOT
from packaging.version import Version
from source_tree import SourceTree

from stackgen.errors import SourceError
from stackgen.template.clone import find_clone
from stackgen.template.objects import Objects
from stackgen.template.releases import FILE, known_releases, read_releases

COMMIT = "c34196b04207aeeeba740f00cbff291f133c49d9"


def entry(version: str = '"1.0.0"', commit: str = f'"{COMMIT}"', more: str = "") -> str:
    return f"[[releases]]\nversion = {version}\ncommit = {commit}\n{more}\n"


def test_entries_are_read_in_any_order():
    text = entry('"1.0.0rc1"') + entry('"0.9.0"') + entry(commit=f'"{"0" * 64}"')
    found = read_releases(text)
    assert found == {
        Version("1.0.0rc1"): COMMIT,
        Version("0.9.0"): COMMIT,
        Version("1.0.0"): "0" * 64,
    }
    assert read_releases("# nothing yet\n") == {}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("releases = [", "is not TOML"),
        ("release = []", "nothing else"),
        ("releases = 1", "nothing else"),
        ("releases = [1]", "Entry 1 .* `version` and `commit`"),
        ('releases = [{version = "1.0.0"}]', "Entry 1 .* `version` and `commit`"),
        (entry() + entry(more="date = 2026-01-01"), "Entry 2 .* `version` and `commit`"),
        (entry(version="1.0"), r"`version` of entry 1 .* is `1\.0`"),
        (entry(version='"1.0"'), r"is `1\.0`, and must be like `1\.2\.0`"),
        (entry(version='"v1.0.0"'), r"is `v1\.0\.0`"),
        (entry(version='"1.0.0.dev1"'), r"is `1\.0\.0\.dev1`"),
        (entry(version='"01.0.0"'), r"is `01\.0\.0`"),
        (entry(commit='"c34196b"'), "`commit` of entry 1 .* `c34196b`, and must be a whole name"),
        (entry(commit=f'"{COMMIT.upper()}"'), "must be a whole name"),
        (entry(commit="7"), "`commit` of entry 1 .* is `7`"),
        (entry() + entry(), r"has 1\.0\.0 twice"),
    ],
)
def test_malformed_file_is_one_clear_line(text, match):
    with pytest.raises(SourceError, match=match) as caught:
        read_releases(text)
    assert FILE in str(caught.value)
    assert "\n" not in str(caught.value)


def test_commit_that_the_clone_does_not_hold_is_known_as_missing(tmp_path):
    tree = SourceTree(tmp_path / "tree")
    tree.enter("1.0.0", COMMIT)
    (release,) = known_releases(tree.clone, Objects(tree.root))
    assert (release.tag, release.commit, release.is_here) == ("v1.0.0", COMMIT, False)


def test_releases_of_this_repository():
    clone = find_clone(ROOT)
    if clone is None or clone.is_shallow:
        pytest.skip("needs a whole clone")
    text = (ROOT / FILE).read_text("utf-8")
    entries = read_releases(text)
    line = {commit.name for commit in clone.line()}
    assert set(entries.values()) <= line
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert all(f"\n## {version}" in changes for version in entries)
