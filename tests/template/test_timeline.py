"""Every state of the template is there once, under the version that its projects record."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_tree import SourceTree

from stackgen.template.history import History
from stackgen.template.source import Source
from stackgen.template.timeline import Timeline

FILE = "templates/one/file.txt"


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    """A template with a folder, and a commit more that changes nothing of it."""
    tree = SourceTree(tmp_path / "tree")
    tree.commit({FILE: "first\n", "templates/shared/part.txt": "part\n"})
    tree.commit({"README.md": "read\n"})
    return tree


def timeline(tree: SourceTree, folder: Path, *, bundled: bool) -> Timeline:
    folder.mkdir()
    history = tree.bundle() if bundled else tree.root
    source = Source(root=tree.root, tag=f"v{tree.version}", history=history)
    return Timeline(source, History(source, folder))


def contents(found: Timeline) -> list[dict[str, bytes]]:
    """The files of the folder, state by state."""
    listed = [found.files(state.folders["one"]) for state in found.states if state.folders]
    return [
        {path: found.contents([name])[name] for path, name in files.items()} for files in listed
    ]


@pytest.mark.parametrize("bundled", [False, True])
def test_states_have_the_versions_of_the_commits_that_made_them(tree, tmp_path, bundled):
    first = tree.commit({FILE: "second\n"})
    expected = f"v{tree.version}"
    tree.commit({"README.md": "read again\n"})
    released = tree.commit({FILE: "third\n"})
    tree.enter("1.0.0", released)
    tree.commit({FILE: "fourth\n"})
    found = timeline(tree, tmp_path / "history", bundled=bundled)
    assert contents(found) == [
        {"file.txt": text.encode() + b"\n"} for text in ("first", "second", "third", "fourth")
    ]
    tags = [state.tag for state in found.states if state.folders]
    assert tags[1:] == [expected, "v1.0.0", f"v{tree.version}"]
    assert first[:12] in expected
    assert [state.is_installed for state in found.states][-2:] == [False, True]


def test_the_version_that_is_installed_names_its_state_whichever_commit_it_is(tree, tmp_path):
    tree.commit({"README.md": "the template is as it was\n"})
    found = timeline(tree, tmp_path / "history", bundled=False)
    assert [state.tag for state in found.states if state.folders] == [f"v{tree.version}"]


def test_what_is_not_committed_is_a_state_that_no_other_build_knows(tree, tmp_path):
    tree.write({FILE: "changed\n", "templates/one/new.txt": "new\n"})
    found = timeline(tree, tmp_path / "history", bundled=False)
    *_, last = found.states
    assert (last.tag, last.is_installed) == (f"v{tree.version}", True)
    assert not last.is_known_elsewhere
    assert contents(found)[-1] == {"file.txt": b"changed\n", "new.txt": b"new\n"}
    before = found.states[-2]
    assert last.folders["shared"] == before.folders["shared"]
    assert last.folders["one"] != before.folders["one"]
    assert last.preference < before.preference


def test_a_change_outside_of_the_template_makes_no_state(tree, tmp_path):
    tree.write({"src/code.py": "changed\n"})
    found = timeline(tree, tmp_path / "history", bundled=False)
    *_, last = found.states
    assert "dirty" in tree.version
    assert (last.is_installed, last.is_known_elsewhere) == (True, True)
    assert "dirty" not in last.tag


def test_without_a_history_there_is_what_is_installed(tree, tmp_path):
    source = Source(root=tree.root, tag="v1.0.0", history=None)
    (state,) = Timeline(source, History(source, tmp_path)).states
    assert (state.tag, set(state.folders), state.is_installed) == (
        "v1.0.0",
        {"one", "shared"},
        True,
    )
