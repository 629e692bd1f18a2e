"""Changing options of a project by the same merge, and options that come and go."""

from __future__ import annotations

import pytest
from template_history import LAST, TAGS, commit, git, snapshot

from stackgen.errors import DiscardError
from stackgen.updating.applying import update
from stackgen.updating.planning import new_options, plan_update


def states(result):
    return {file.path: file.state for file in result.files if file.state != "unchanged"}


def test_option_changes_within_a_version(project, history):
    with (project / "settings.py").open("a") as file:
        file.write("mine\n")
    commit(project)
    result = update(project, {"database": "postgresql"}, template=history.source(TAGS[0]))
    assert states(result) == {"settings.py": "merged", ".copier-answers.yml": "updated"}
    assert result.behind is False
    text = (project / "settings.py").read_text()
    assert "DATABASE = 'postgresql'" in text
    assert text.endswith("mine\n")
    assert "database: postgresql\n" in (project / ".copier-answers.yml").read_text()


def test_option_turned_on_brings_its_files(history, tmp_path):
    project = history.project(tmp_path / "small")
    result = update(project, {"extras": "true"}, template=history.source(LAST))
    assert states(result)["extras/one.py"] == "added"
    assert "extras: true\n" in (project / ".copier-answers.yml").read_text()


def test_option_turned_off_takes_its_files(project, history):
    (project / "extras/own.py").write_text("mine\n")
    commit(project)
    result = update(project, {"extras": "false"}, template=history.source(TAGS[0]))
    assert result.discarded == ()
    assert states(result) == {
        ".copier-answers.yml": "updated",
        "extras/one.py": "deleted",
        "extras/two.py": "deleted",
    }
    assert [path.name for path in (project / "extras").iterdir()] == ["own.py"]


def test_edits_that_would_go_are_named_first(project, history):
    (project / "extras/one.py").write_text("mine\n")
    git("mv", "extras/two.py", "extras/renamed.py", cwd=project)
    with (project / "extras/renamed.py").open("a") as file:
        file.write("mine\n")
    commit(project)
    before = snapshot(project)
    source = history.source(TAGS[0])
    for call in (plan_update, update):
        with pytest.raises(DiscardError, match=r"`extras/one.py`, `extras/renamed.py`"):
            call(project, {"extras": "false"}, template=source)
    planned = plan_update(project, {"extras": "false"}, discard_edits=True, template=source)
    assert planned.discarded == ("extras/one.py", "extras/renamed.py")
    assert planned.conflicts == ()
    assert snapshot(project) == before
    result = update(project, {"extras": "false"}, discard_edits=True, template=source)
    assert states(result)["extras/one.py"] == "deleted"
    assert states(result)["extras/renamed.py"] == "deleted"
    assert not (project / "extras").exists()


def test_edited_file_that_the_template_drops_is_a_conflict_of_an_update(project, history):
    (project / "legacy.py").write_text("mine\n")
    commit(project)
    result = update(project, template=history.source(LAST))
    assert result.conflicts == ("legacy.py",)
    assert (project / "legacy.py").read_text() == "mine\n"
    assert "UD legacy.py" in git("status", "--porcelain", cwd=project)


def test_edited_file_that_the_template_drops_goes_on_request(project, history):
    (project / "legacy.py").write_text("mine\n")
    commit(project)
    result = update(project, discard_edits=True, template=history.source(LAST))
    assert result.discarded == ("legacy.py",)
    assert not (project / "legacy.py").exists()


def test_new_option_takes_its_default_or_what_is_given(project, history):
    source = history.source(LAST)
    assert new_options(project, template=source) == {"theme": "light", "more": True}
    assert plan_update(project, template=source).defaulted == {"theme": "light", "more": True}
    result = update(project, {"theme": "dark"}, template=source)
    assert result.defaulted == {"more": True}
    assert "THEME = 'dark'" in (project / "settings.py").read_text()


def test_recorded_value_outlives_a_changed_default_and_a_removed_option_goes(project, history):
    update(project, template=history.source(LAST))
    text = (project / ".copier-answers.yml").read_text()
    assert "database: sqlite\n" in text
    assert "ci:" not in text


def test_nothing_to_do_is_nothing_done(project, history):
    before = snapshot(project)
    result = update(project, template=history.source(TAGS[0]))
    assert (result.behind, result.files, result.undo) == (False, (), "")
    update(project, {"database": "sqlite"}, template=history.source(TAGS[0]))
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""


def test_second_update_finds_nothing(project, history):
    update(project, template=history.source(LAST))
    commit(project)
    assert plan_update(project, {"theme": "light"}, template=history.source(LAST)).undo == ""
    assert states(plan_update(project, {"theme": "light"}, template=history.source(LAST))) == {}


def test_plan_shows_the_content(project, history):
    result = plan_update(project, with_diff=True, template=history.source(LAST))
    assert "\n+main line 0\n" in result.diff
    assert "\nrename from app/models.py\n" in result.diff
    assert plan_update(project, template=history.source(LAST)).diff == ""
