"""Which projects can be updated: by a build and in a clone the same ones, with the same words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from source_tree import FILE, SourceTree
from template_history import git

from stackgen.errors import ProjectError, RenderError
from stackgen.project.version import check_version
from stackgen.template.history import History
from stackgen.template.source import Source

MakeSource = Callable[[SourceTree], Source]
ANSWERS = Path("/somewhere/shop/.copier-answers.yml")


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    return SourceTree(tmp_path / "tree")


@pytest.fixture(params=["build", "clone"])
def source(request: pytest.FixtureRequest) -> MakeSource:
    """Install a source tree as it is now: by building it, or as editable."""

    def make(tree: SourceTree, **limits: int) -> Source:
        history = tree.bundle(**limits) if request.param == "build" else tree.root
        return Source(root=tree.root, tag=f"v{tree.version}", history=history)

    return make


def text(source: Source, tag: str, folder: Path) -> str:
    """What the template's file held in a version."""
    assert check_version(tag, ANSWERS, source) == tag
    return (History(source, folder).template(tag) / FILE).read_text().strip()


def refusal(source: Source, tag: str) -> str:
    with pytest.raises(ProjectError) as caught:
        check_version(tag, ANSWERS, source)
    said = str(caught.value)
    assert said.startswith(f"`{ANSWERS.parent}` follows {tag}, ")
    assert "\n" not in said
    return said


def test_project_of_any_commit_of_the_line_is_known(tree, source, tmp_path):
    states = {tree.head: "0"}
    for number in range(1, 4):
        states[tree.change(number)] = str(number)
        states[tree.commit({"README.md": f"{number}\n"})] = str(number)
    merge = tree.merge(tree.branch("side", "merged", at="HEAD~1"))
    states[merge] = "merged"
    installed = source(tree)
    for number, (commit, expected) in enumerate(states.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        # As builds of the past numbered them, which counted merged branches, too.
        assert text(installed, f"v0.0.0.dev{number + 50}+g{commit[:12]}", folder) == expected


def test_release_is_known_by_its_tag_and_by_the_number_before_it(tree, source, tmp_path):
    released = tree.change("released")
    development = f"v{tree.version}"
    tree.enter("1.0.0", released)
    tree.tag("v0.9.0", "HEAD~2")
    tree.change("later")
    installed = source(tree)
    assert text(installed, "v1.0.0", tmp_path) == "released"
    assert text(installed, "v0.9.0", tmp_path) == "0"
    assert text(installed, development, tmp_path) == "released"
    assert text(installed, installed.tag, tmp_path) == "later"


def test_lower_release_of_another_branch_is_known(tree, source, tmp_path):
    tree.tag("v1.0.0")
    side = tree.branch("before", "fixed")
    tree.tag("v1.0.1", side)
    tree.enter("2.0.0", tree.change(1))
    installed = source(tree)
    assert text(installed, "v1.0.1", tmp_path) == "fixed"
    assert text(installed, f"v1.0.1.dev2+g{side[:12]}", tmp_path) == "fixed"
    before = git("rev-parse", f"{side}~1", cwd=tree.root)
    assert "no others of branches" in refusal(installed, f"v1.0.1.dev1+g{before[:12]}")
    tree.tag("v3.0.0", tree.branch("future"))
    assert "Upgrade stackgen." in refusal(installed, "v3.0.0")


def test_long_names_of_commits(tmp_path, source):
    tree = SourceTree(tmp_path / "long", "--object-format=sha256")
    first = f"v{tree.version}"
    tree.change(1)
    assert text(source(tree), first, tmp_path) == "0"


def test_later_commit_is_refused_though_its_number_is_lower(tree, source):
    for number in range(3):
        tree.change(number)
    installed = source(tree)
    tree.tag("v1.0.0", tree.change("later"))
    assert refusal(installed, "v1.0.0").endswith(f"stackgen {installed.tag}. Upgrade stackgen.")
    later = f"v0.0.0.dev5+g{tree.head[:12]}"
    assert refusal(installed, later).endswith("Upgrade stackgen.")
    assert "does not hold" in refusal(installed, f"v0.0.0.dev2+g{tree.head[:12]}")


def test_commit_of_a_merged_branch_is_refused(tree, source):
    side = tree.branch("a", "b")
    tree.change(1)
    tree.merge(side)
    said = refusal(source(tree), f"v0.0.0.dev2+g{side[:12]}")
    assert "every commit that was the head of its branch, and no others" in said
    assert f"set `_commit` in `{ANSWERS}` to a version near it" in said


def test_commit_of_another_branch_is_refused(tree, source):
    side = tree.branch("a")
    tree.change(1)
    assert "no others of branches" in refusal(source(tree), f"v0.0.0.dev2+g{side[:12]}")


def test_unknown_release_is_refused(tree, source):
    tree.tag("v1.0.0")
    assert "history does not hold v0.5.0. It holds releases" in refusal(source(tree), "v0.5.0")


def test_dirty_build_is_known_to_itself_alone(tree, source, tmp_path):
    clean = f"v{tree.version}"
    tree.write({FILE: "mine\n"})
    dirty = source(tree)
    assert text(dirty, dirty.tag, tmp_path) == "mine"
    assert text(dirty, clean, tmp_path) == "0"
    tree.change("later")
    later = source(tree)
    said = refusal(later, dirty.tag)
    commit = clean.partition("+g")[2]
    assert f"made by a build with uncommitted changes of commit `{commit}`" in said
    assert f"set `_commit` in `{ANSWERS}` to `{clean}`" in said
    # What it says helps.
    assert text(later, clean, tmp_path) == "0"


def test_dirty_build_of_a_commit_that_is_not_there(tree, source):
    dirty = f"v0.1.1.dev1+g{'0' * 12}.dirty.t{'1' * 12}"
    assert "to a version near it and commit that" in refusal(source(tree), dirty)


def test_build_from_files_without_git_is_known_to_nobody(tree, source):
    assert "made by a build from files without git" in refusal(source(tree), "v0.0.0.dev0")


def test_shallow_clone_says_that_it_is(tree, source):
    first = f"v{tree.version}"
    tree.change(1)
    installed = source(tree.cloned("shallow", "--depth=1"))
    assert "shallow clone" in refusal(installed, first)
    assert "git fetch --unshallow" in refusal(installed, first)
    # Its numbers say nothing: they count from where it begins.
    assert "shallow clone" in refusal(installed, first.replace("dev1", "dev9"))


def test_history_of_a_clone_ends_where_it_is_installed(tree, source):
    tree.tag("v1.0.0")
    tree.tag("v1.1.0", tree.change(1))
    git("checkout", "-q", "v1.0.0", cwd=tree.root)
    installed = source(tree)
    assert installed.tag == "v1.0.0"
    assert "Upgrade stackgen." in refusal(installed, "v1.1.0")


def test_version_that_was_left_out_says_so(tree):
    first = f"v{tree.version}"
    for number in range(3):
        tree.change(number)
    history = tree.bundle(limit=1)
    small = Source(root=tree.root, tag=f"v{tree.version}", history=history)
    assert "leaves out to stay small" in refusal(small, first)
    assert "pip install --editable" in refusal(small, first)
    clone = Source(root=tree.root, tag=small.tag, history=tree.root)
    assert check_version(first, ANSWERS, clone) == first


def test_installation_without_a_history_knows_itself(tree):
    nothing = Source(root=tree.root, tag="v1.0.0", history=None)
    assert check_version("v1.0.0", ANSWERS, nothing) == "v1.0.0"
    assert "history does not hold: it was built from files without one" in refusal(
        nothing, "v0.9.0"
    )


def test_partial_clone_says_what_it_lacks(tree, tmp_path):
    first = f"v{tree.version}"
    tree.change(1)
    partial = tree.cloned("partial", "--filter=blob:none")
    installed = Source(root=partial.root, tag=f"v{partial.version}", history=partial.root)
    assert check_version(first, ANSWERS, installed) == first
    with pytest.raises(RenderError, match=r"partial clone.*pip install \."):
        History(installed, tmp_path).template(first)


@pytest.mark.parametrize("recorded", [None, 1, "main", "1.0.0", "v1.0.0/..", "v1.x"])
def test_what_is_no_version(tree, recorded):
    source = Source(root=tree.root, tag="v1.0.0", history=None)
    with pytest.raises(ProjectError, match="not a version of stackgen"):
        check_version(recorded, ANSWERS, source)
