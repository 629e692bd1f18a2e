"""The history that a build carries: what is in it, and what is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from source_tree import FILE, SourceTree
from template_history import git

from stackgen.errors import SourceError
from stackgen.template.bundle import LIMIT, write_bundle
from stackgen.template.index import Index, read_index, read_refs


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    return SourceTree(tmp_path / "tree")


class Carried:
    """A bundle as git reads it."""

    def __init__(self, bundle: Path) -> None:
        self.repository = bundle.with_suffix(".git")
        git("init", "-q", "--bare", "-b", "main", str(self.repository), cwd=bundle.parent)
        fetch = ("fetch", "-q", "--update-head-ok", str(bundle), "refs/*:refs/*")
        git(*fetch, cwd=self.repository)
        self.index: Index = read_index(bundle, "v0.0.0")

    def text(self, commit: str) -> str:
        """What the template's file holds at a ref or commit."""
        return git("show", f"{commit}:{FILE}", cwd=self.repository)

    def log(self) -> list[str]:
        return git("log", "--format=%s", "--reverse", "main", cwd=self.repository).split()


def digits(*commits: str) -> set[str]:
    return {commit[:12] for commit in commits}


def test_every_commit_of_the_line_is_found_and_every_state_is_there_once(tree):
    first = tree.head
    commits = [tree.change(1), tree.commit({"README.md": "read\n"}), tree.change(2), tree.change(1)]
    carried = Carried(tree.bundle())
    assert carried.index.commits.keys() == digits(first, *commits)
    assert carried.log() == [first, commits[0], commits[2], commits[3]]
    texts = {name: carried.text(found) for name, found in carried.index.commits.items()}
    assert [texts[commit[:12]] for commit in (first, *commits)] == ["0", "1", "1", "2", "1"]
    files = git("ls-tree", "-r", "--name-only", "main", cwd=carried.repository).split()
    assert files == ["copier.yml", FILE]
    assert carried.index.tags.keys() == {f"v{tree.version}"}
    assert not carried.index.omitted
    assert not carried.index.is_shallow


def test_commits_without_a_template_are_not_carried(tmp_path):
    tree = SourceTree(tmp_path / "tree")
    first = tree.head
    git("rm", "-q", "-r", "templates", cwd=tree.root)
    without = tree.commit({})
    tree.change(1)
    index = read_index(tree.bundle(), "v0.0.0")
    assert index.commits.keys() == digits(first, tree.head)
    assert without[:12] not in index.omitted


def test_what_a_merge_brought_in_is_not_on_the_line(tree):
    side = tree.branch("a", "b")
    tree.change(1)
    merge = tree.merge(side)
    carried = Carried(tree.bundle())
    assert side[:12] not in carried.index.commits
    assert carried.text(carried.index.commits[merge[:12]]) == "b"


def test_releases_are_named_and_stay_those_of_their_commits(tree):
    released = tree.change(1)
    tree.tag("v0.9.0", "HEAD~1")
    tree.change(2)
    tree.enter("1.0.0", released)
    tree.change(3)
    earlier = Carried(tree.bundle())
    assert earlier.index.tags.keys() == {"v0.9.0", "v1.0.0", f"v{tree.version}"}
    texts = [earlier.text(f"refs/tags/{tag}") for tag in ("v0.9.0", "v1.0.0", f"v{tree.version}")]
    assert texts == ["0", "1", "3"]
    tree.change(4)
    later = read_index(tree.bundle(), "v0.0.0")
    assert later.tags["v1.0.0"] == earlier.index.tags["v1.0.0"]


def test_release_by_its_entry_is_found_by_every_name(tree):
    released = tree.change(1)
    entry = tree.enter("1.0.0", released)
    index = read_index(tree.bundle(), "v0.0.0")
    assert index.tags.keys() == {"v1.0.0"}
    names = {index.tags["v1.0.0"], index.commits[released[:12]], index.commits[entry[:12]]}
    assert len(names) == 1


def test_lower_releases_of_other_branches_are_carried_and_higher_ones_are_not(tree):
    tree.tag("v1.0.0")
    side = tree.branch("fix", "fixed")
    tree.tag("v1.0.1", side)
    tree.tag("v3.0.0", tree.branch("future"))
    tree.enter("2.0.0", tree.change(1))
    carried = Carried(tree.bundle())
    assert carried.index.tags.keys() == {"v1.0.0", "v1.0.1", "v2.0.0"}
    assert carried.text("refs/tags/v1.0.1") == "fixed"
    # Whoever built it before it was tagged has a project of that commit.
    assert side[:12] in carried.index.commits
    assert git("rev-parse", f"{side}~1", cwd=tree.root)[:12] not in carried.index.commits


def test_uncommitted_changes_are_a_version_of_their_own(tree):
    tree.change(1)
    tree.write({FILE: "mine\n"})
    carried = Carried(tree.bundle())
    assert ".dirty." in tree.version
    assert carried.text(f"refs/tags/v{tree.version}") == "mine"
    assert carried.text(carried.index.commits[tree.head[:12]]) == "1"
    tree.write({FILE: "1\n", "src/code.py": "mine\n"})
    other = Carried(tree.bundle().rename(tree.root.parent / "code.bundle"))
    assert other.index.tags[f"v{tree.version}"] == other.index.commits[tree.head[:12]]


@pytest.mark.parametrize("options", [(), ("--no-tags",)])
def test_bytes_depend_on_the_commit_alone(tree, options):
    for number in range(20):
        tree.change("\n".join(str(line * number) for line in range(200)))
    side = tree.branch("side")
    tree.enter("1.0.0", tree.head)
    tree.merge(side)
    expected = tree.bundle().read_bytes()
    other = tree.cloned("other", *options)
    git("config", "pack.compression", "0", cwd=other.root)
    git("config", "pack.threads", "4", cwd=other.root)
    assert other.bundle().read_bytes() == expected
    git("repack", "-adfq", "--depth=1", "--window=1", cwd=other.root)
    assert other.bundle().read_bytes() == expected
    git("worktree", "add", "-q", "--detach", str(tree.root.parent / "beside"), cwd=tree.root)
    beside = tree.root.parent / "beside"
    write_bundle(beside, tree.version, beside.with_suffix(".bundle"))
    assert beside.with_suffix(".bundle").read_bytes() == expected


@pytest.mark.parametrize("lacking", ["blob:none", "tree:0"])
def test_partial_clone_fetches_what_it_lacks_elsewhere(tree, lacking):
    for number in range(5):
        tree.change(number)
    tree.tag("v0.9.0", tree.branch("side"))
    expected = tree.bundle().read_bytes()
    partial = tree.cloned("partial", f"--filter={lacking}")
    before = {path: path.lstat().st_mtime_ns for path in partial.root.rglob("*")}
    assert partial.bundle().read_bytes() == expected
    assert {path: path.lstat().st_mtime_ns for path in partial.root.rglob("*")} == before


@pytest.mark.parametrize("lacking", ["blob:none", "tree:0"])
def test_partial_clone_whose_origin_is_gone_carries_what_is_there(tree, lacking):
    commits = [tree.head, *(tree.change(number) for number in (1, 2))]
    partial = tree.cloned("partial", f"--filter={lacking}")
    git("remote", "set-url", "origin", f"file://{tree.root}-gone", cwd=partial.root)
    bundle = tree.root.parent / "partial.bundle"
    (note,) = write_bundle(partial.root, partial.version, bundle)
    assert note.startswith("2 commits are left out of the history")
    index = read_index(bundle, "v0.0.0")
    assert index.commits.keys() == digits(commits[2])
    assert index.omitted == digits(*commits[:2])


def test_shallow_clone_says_where_its_history_begins(tree):
    tree.enter("1.0.0", tree.head)
    tree.change(1)
    shallow = tree.cloned("shallow", "--depth=1")
    bundle = tree.root.parent / "shallow.bundle"
    notes = write_bundle(shallow.root, shallow.version, bundle)
    assert re.search(r"names commit `\w{12}` for 1\.0\.0, which this clone does not hold", notes[0])
    assert "git fetch --unshallow" in notes[1]
    index = read_index(bundle, "v0.0.0")
    assert index.is_shallow
    assert index.commits.keys() == digits(tree.head)


def test_long_names(tmp_path):
    tree = SourceTree(tmp_path / "long", "--object-format=sha256")
    commits = [tree.head, tree.change(1)]
    carried = read_index(tree.bundle(), "v0.0.0")
    assert carried.commits.keys() == digits(*commits)
    git("bundle", "verify", str(tree.bundle()), cwd=tree.root)


def lengthen(tree: SourceTree, count: int) -> list[str]:
    """Commit states of which none can be told by another."""
    return [tree.change(number) for number in range(1, count + 1)]


def test_oldest_states_that_are_no_release_go_first(tree):
    commits = [tree.head, *lengthen(tree, 30)]
    tree.tag("v1.0.0", commits[5])
    whole = tree.bundle().stat().st_size
    assert whole < LIMIT
    limit = whole * 2 // 3
    bundle = tree.bundle(limit=limit)
    assert bundle.stat().st_size <= limit
    carried = Carried(bundle)
    kept = [commit for commit in commits if commit[:12] in carried.index.commits]
    assert kept[0] == commits[5]
    assert kept[1:] == commits[-len(kept) + 1 :]
    assert carried.index.omitted == digits(*commits) - digits(*kept)
    assert carried.text("refs/tags/v1.0.0") == "5"
    assert carried.text(carried.index.commits[tree.head[:12]]) == "30"
    again = tree.cloned("again").bundle(limit=limit)
    assert again.read_bytes() == bundle.read_bytes()


def test_releases_and_the_build_itself_stay_whatever_the_limit(tree):
    commits = [tree.head, *lengthen(tree, 3)]
    tree.tag("v1.0.0", commits[1])
    bundle = tree.root.parent / "small.bundle"
    (note,) = write_bundle(tree.root, tree.version, bundle, limit=1)
    assert note.startswith("2 commits are left out")
    index = read_index(bundle, "v0.0.0")
    assert index.tags.keys() == {"v1.0.0", f"v{tree.version}"}
    assert index.commits.keys() == digits(commits[1], commits[3])


def test_source_tree_without_a_template_is_refused(tmp_path):
    tree = SourceTree(tmp_path / "tree")
    git("rm", "-q", "-r", "templates", cwd=tree.root)
    tree.commit({})
    with pytest.raises(SourceError, match="holds no template"):
        tree.bundle()


def test_bundle_of_files_without_a_history_is_theirs_alone(tmp_path):
    tree = SourceTree(tmp_path / "tree")
    (tree.root / ".git").rename(tmp_path / "git")
    bundle = tmp_path / "files.bundle"
    assert write_bundle(tree.root, "0.0.0.dev0", bundle, time=1_700_000_000) == []
    assert read_refs(bundle).keys() == {"HEAD", "refs/heads/main", "refs/tags/v0.0.0.dev0"}
    assert Carried(bundle).text("HEAD") == "0"
