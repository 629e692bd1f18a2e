"""Which version a clone has: by its releases, its commits, and what was changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from source_tree import FILE, OPTIONS, SourceTree
from template_history import git, snapshot

from stackgen.errors import SourceError
from stackgen.template.clone import find_clone
from stackgen.template.objects import all_objects
from stackgen.template.versions import clone_version, parse_tag


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    return SourceTree(tmp_path / "tree")


def development(version: str, commit: str) -> str:
    return f"{version}+g{commit[:12]}"


def test_commit_before_any_release(tree):
    assert tree.version == development("0.0.0.dev1", tree.head)
    tree.change(1)
    assert tree.version == development("0.0.0.dev2", tree.head)


def test_tagged_commit_is_a_release(tree):
    tree.tag("v1.0.0rc1")
    assert tree.version == "1.0.0rc1"
    tree.tag("v1.0.0")
    tree.tag("nightly")
    tree.tag("v2")
    assert tree.version == "1.0.0"
    git("tag", "-a", "-m", "annotated", "v1.0.1", cwd=tree.root)
    assert tree.version == "1.0.1"


def test_entry_makes_a_release_of_the_commit_that_adds_it(tree):
    released = tree.change(1)
    tree.enter("1.0.0", released)
    assert tree.version == "1.0.0"
    tree.enter("0.9.0", git("rev-parse", "HEAD~2", cwd=tree.root))
    assert tree.version == "1.0.0"
    after = tree.commit({"README.md": "changed\n"})
    assert tree.version == development("1.0.1.dev3", after)
    git("revert", "--no-edit", after, cwd=tree.root)
    assert tree.version == "1.0.0"


def test_version_does_not_fall_when_a_former_release_is_restored(tree):
    tree.tag("v1.0.0")
    later = tree.change(1)
    tree.tag("v1.1.0")
    git("revert", "--no-edit", later, cwd=tree.root)
    assert tree.version == development("1.1.1.dev1", tree.head)
    tree.tag("v1.0.1")
    assert tree.version == "1.0.1"


def test_entry_with_any_other_change_makes_no_release(tree):
    released = tree.head
    tree.write({"src/code.py": "1\n"})
    tree.enter("1.0.0", released)
    assert tree.version == development("1.0.1.dev1", tree.head)


def test_tag_beside_entries_is_the_same_release_too(tree):
    tree.tag("v1.0.0")
    tree.enter("0.9.0", tree.head)
    assert tree.version == "1.0.0"


def test_last_release_counts_in_whatever_order_the_entries_are(tree):
    commits = [tree.change(number) for number in range(4)]
    for version, commit in zip(("1.10.0", "1.9.0", "1.10.0rc1"), commits[:3], strict=True):
        tree.enter(version, commit)
    tree.change("later")
    assert tree.version == development("1.10.1.dev7", tree.head)


def test_candidate_is_followed_by_the_next_one(tree):
    tree.tag("v1.0.0rc3")
    assert tree.change(1)
    assert tree.version == development("1.0.0rc4.dev1", tree.head)


@pytest.mark.parametrize("named", ["release", "entry"])
def test_tag_and_entry_that_agree(tree, named):
    released = tree.head
    entry = tree.enter("1.0.0", released)
    tree.tag("v1.0.0", {"release": released, "entry": entry}[named])
    assert tree.version == "1.0.0"
    tree.change(1)
    assert tree.version == development("1.0.1.dev2", tree.head)


def test_tag_and_entry_that_disagree(tree):
    former = tree.head
    tree.enter("1.0.0", tree.change(1))
    tree.tag("v1.0.0", former)
    with pytest.raises(SourceError, match=rf"`v1\.0\.0` names commit `{former[:12]}`.*Correct"):
        _ = tree.version


def test_distance_does_not_count_what_a_merge_brought_in(tree):
    side = tree.branch("a", "b", "c")
    tree.change(1)
    tree.merge(side)
    assert tree.version == development("0.0.0.dev3", tree.head)


def test_release_of_another_branch_counts_once_it_is_merged(tree):
    tree.tag("v1.0.0")
    side = tree.branch("fix")
    tree.tag("v1.0.1", side)
    tree.commit({"README.md": "changed\n"})
    assert tree.version == development("1.0.1.dev1", tree.head)
    tree.tag("v1.0.2", tree.branch("other"))
    assert tree.version == development("1.0.1.dev1", tree.head)
    tree.merge(side)
    assert tree.version == development("1.0.2.dev2", tree.head)


@pytest.mark.parametrize(
    ("change", "is_changed"),
    [
        pytest.param({FILE: "other\n"}, True, id="template"),
        pytest.param({"templates/new.txt": "new\n"}, True, id="new file"),
        pytest.param({"src/new.py": "new\n"}, True, id="new code"),
        pytest.param({"releases.toml": "# none yet\n"}, True, id="releases"),
        pytest.param({"notes.txt": "new\n"}, False, id="new file that no build carries"),
        pytest.param({FILE: "0\n"}, False, id="written again"),
    ],
)
def test_uncommitted_changes_are_in_the_version(tree, change, is_changed):
    tree.enter("1.0.0", tree.head)
    tree.write(change)
    pattern = r"1\.0\.1\.dev1\+g[0-9a-f]{12}\.dirty\.t[0-9a-f]{12}" if is_changed else r"1\.0\.0"
    assert re.fullmatch(pattern, tree.version)


def test_two_changes_of_the_template_are_two_versions(tree):
    versions = set()
    for text in ("one\n", "two\n", "one\n"):
        tree.write({FILE: text})
        versions.add(tree.version)
    assert len(versions) == 2


def test_changes_that_git_overlooks_are_in_the_version(tree):
    git("update-index", "--assume-unchanged", FILE, cwd=tree.root)
    tree.write({FILE: "other\n"})
    assert ".dirty." in tree.version
    tree.write({FILE: "0\n"})
    assert ".dirty." not in tree.version
    (tree.root / OPTIONS).chmod(0o755)
    git("config", "core.fileMode", "false", cwd=tree.root)
    assert ".dirty." in tree.version


def test_shallow_clone_that_lacks_the_release_comes_after_it(tree):
    tree.enter("1.0.0", tree.change(1))
    assert tree.cloned("deep", "--depth=2").version == "1.0.0"
    shallow = tree.cloned("shallow", "--depth=1")
    assert shallow.version == development("1.0.1.dev1", tree.head)


@pytest.mark.parametrize("lacking", ["blob:none", "tree:0"])
def test_partial_clone_has_the_same_version(tree, lacking):
    tree.enter("1.0.0", tree.change(1))
    partial = tree.cloned("partial", f"--filter={lacking}", "--no-tags")
    before = snapshot(partial.root / ".git")
    with all_objects(partial.clone) as objects:
        assert clone_version(partial.clone, objects) == "1.0.0"
    assert snapshot(partial.root / ".git") == before


def test_partial_clone_that_may_not_fetch_still_has_a_version(tree):
    tree.enter("1.0.0", tree.change(1))
    partial = tree.cloned("partial", "--filter=tree:0")
    assert partial.version == development("1.0.1.dev1", tree.head)


def test_clone_with_long_names_has_a_version(tmp_path):
    tree = SourceTree(tmp_path / "long", "--object-format=sha256")
    released = tree.change(1)
    assert len(released) == 64
    assert tree.version == development("0.0.0.dev2", released)
    tree.enter("1.0.0", released)
    assert tree.version == "1.0.0"


def test_what_is_no_clone(tree, tmp_path):
    assert find_clone(tmp_path) is None
    assert find_clone(tree.root / "templates") is None
    (tree.root / "PKG-INFO").touch()
    assert find_clone(tree.root) is None
    git("init", "-q", "empty", cwd=tmp_path)
    assert find_clone(tmp_path / "empty") is None


@pytest.mark.parametrize(
    ("text", "commit", "clean"),
    [
        ("v1.2.0", "", "v1.2.0"),
        ("v1.2.0rc1", "", "v1.2.0rc1"),
        ("v0.0.0.dev0", "", "v0.0.0.dev0"),
        ("v1.2.1.dev3+g0123456789ab", "0123456789ab", "v1.2.1.dev3+g0123456789ab"),
        (
            "v1.2.1.dev3+g0123456789ab.dirty.tba9876543210",
            "0123456789ab",
            "v1.2.1.dev3+g0123456789ab",
        ),
    ],
)
def test_recorded_version(text, commit, clean):
    tag = parse_tag(text)
    assert tag
    assert (tag.text, tag.commit, tag.clean) == (text, commit, clean)
    assert tag.is_dirty is (text != clean)


@pytest.mark.parametrize(
    "text", [None, 1, "", "1.2.0", "main", "v1.2.0/..", "v1.x", "v" + "1" * 200]
)
def test_what_is_no_recorded_version(text):
    assert parse_tag(text) is None
