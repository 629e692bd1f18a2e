"""Projects of commits that are no release: updated by a later build, and by a later clone alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from template_history import TAGS, commit, git, snapshot

from stackgen.errors import ProjectError
from stackgen.project.drift import drift
from stackgen.template.bundle import write_bundle
from stackgen.template.clone import find_clone
from stackgen.template.objects import Objects
from stackgen.template.source import Source
from stackgen.template.versions import clone_version
from stackgen.updating.applying import update
from stackgen.updating.planning import check_update, plan_update

ANSWERS = ".copier-answers.yml"


@pytest.fixture
def clone(history, tmp_path):
    """A clone of the template without a single tag."""
    git("clone", "-q", "--no-tags", str(history.repository), "clone", cwd=tmp_path)
    assert git("tag", cwd=tmp_path / "clone") == ""
    return tmp_path / "clone"


def version(clone: Path) -> str:
    found = find_clone(clone)
    assert found
    return f"v{clone_version(found, Objects(clone))}"


@pytest.fixture(params=["build", "clone"])
def install(request, tmp_path):
    def source(clone: Path) -> Source:
        tag = version(clone)
        if request.param == "clone":
            return Source(root=clone, tag=tag, history=clone)
        write_bundle(clone, tag.removeprefix("v"), tmp_path / "bundle")
        return Source(root=clone, tag=tag, history=tmp_path / "bundle")

    return source


def follow(project: Path, tag: str) -> None:
    """Make a project one that the build of another version made."""
    lines = (project / ANSWERS).read_text().splitlines(keepends=True)
    changed = [f"_commit: {tag}\n" if line.startswith("_commit:") else line for line in lines]
    (project / ANSWERS).write_text("".join(changed))
    commit(project)


def test_project_of_an_untagged_commit_is_updated(project, history, clone, install):
    git("checkout", "-q", git("rev-parse", f"{TAGS[0]}^{{}}", cwd=history.repository), cwd=clone)
    follow(project, version(clone))
    main = project / "app/main.py"
    main.write_text(main.read_text().replace("main line 18\n", "main line 18 mine\n"))
    commit(project)
    git("checkout", "-q", "main", cwd=clone)
    installed = install(clone)
    assert check_update(project, template=installed).behind
    (found,) = drift([project], template=installed)
    assert (found.error, found.behind) == (None, True)
    assert {file.path for file in found.drifted} == {"app/main.py"}
    planned = plan_update(project, template=installed)
    result = update(project, template=installed)
    assert result.files == planned.files
    assert result.conflicts == ()
    assert "\nmain line 18 mine\n" in main.read_text()
    assert "\nmain line 24 1.5\n" in main.read_text()
    assert f"_commit: {installed.tag}\n" in (project / ANSWERS).read_text()
    commit(project)
    assert not check_update(project, template=installed).behind


def test_project_learns_the_name_of_the_release_that_it_was_made_by(project, clone, install):
    released = git("rev-parse", "HEAD", cwd=clone)
    git("checkout", "-q", "HEAD~5", cwd=clone)
    follow(project, version(clone))
    git("checkout", "-q", "main", cwd=clone)
    update(project, template=install(clone))
    commit(project)
    (clone / "releases.toml").write_text(
        f'[[releases]]\nversion = "1.0.0"\ncommit = "{released}"\n'
    )
    commit(clone)
    installed = install(clone)
    assert installed.tag == "v1.0.0"
    result = update(project, template=installed)
    assert [file.path for file in result.files if file.state == "updated"] == [ANSWERS]
    assert "_commit: v1.0.0\n" in (project / ANSWERS).read_text()


def test_project_of_a_dirty_build_is_refused_until_it_says_what_it_follows(project, clone, install):
    git("checkout", "-q", "HEAD~5", cwd=clone)
    clean = version(clone)
    (clone / "templates/django/legacy.py").write_text("legacy, changed before it was committed\n")
    follow(project, version(clone))
    git("checkout", "-q", "--force", "main", cwd=clone)
    installed = install(clone)
    before = snapshot(project)
    for call in (check_update, plan_update, update):
        with pytest.raises(ProjectError, match="uncommitted changes") as caught:
            call(project, template=installed)
        assert f"to `{clean}` and commit that" in str(caught.value)
    (found,) = drift([project], template=installed)
    assert "uncommitted changes" in (found.error or "")
    assert snapshot(project) == before
    follow(project, clean)
    assert update(project, template=installed).conflicts == ()


def test_behind_is_told_by_the_history_and_not_by_numbers(project, history, clone, install):
    """A clone that once had a tag counted its versions from that."""
    first = git("rev-parse", f"{TAGS[0]}^{{}}", cwd=history.repository)
    follow(project, f"v9.0.1.dev7+g{first[:12]}")
    installed = install(clone)
    assert check_update(project, template=installed).behind
    (found,) = drift([project], template=installed)
    assert (found.error, found.behind) == (None, True)
    assert update(project, template=installed).conflicts == ()
    commit(project)
    assert not check_update(project, template=installed).behind
