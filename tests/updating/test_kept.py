"""Updates of a project that was made beside files of a person's own."""

from __future__ import annotations

import re

import pytest
from template_history import LAST, TAGS, TemplateHistory, commit, git

from stackgen.errors import ProjectError
from stackgen.project.creation import generate
from stackgen.project.drift import drift
from stackgen.template.loading import load_options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.updating.applying import update

README = "# Shop\n\nWhat we sell.\n"


@pytest.fixture
def make(history: TemplateHistory, tmp_path, cached_renderer, monkeypatch):
    """Make a project of the first release in a clone with some files."""
    monkeypatch.setattr("stackgen.updating.planning.Renderer", cached_renderer)
    monkeypatch.setattr("stackgen.project.several.Renderer", cached_renderer)

    def call(existing, **files):
        folder = tmp_path / "shop"
        folder.mkdir()
        git("init", "-q", "-b", "main", cwd=folder)
        for name, text in {"README.md": README, ".gitignore": "*.tmp\n", **files}.items():
            (folder / name).write_text(text)
        commit(folder)
        source = history.source(TAGS[0])
        values = load_options(source.root).resolve({"project_name": "shop"}).values
        generate(folder, values, template=source.root, existing=existing, with_git=False)
        record = folder / ANSWERS_FILE
        record.write_text(re.sub("(?m)^_commit: .*$", f"_commit: {TAGS[0]}", record.read_text()))
        commit(folder)
        return folder

    return call


@pytest.mark.parametrize("existing", ["keep", "merge"])
@pytest.mark.proof
def test_what_was_kept_stays_and_the_projects_readme_follows(make, history, existing):
    folder = make(existing)
    ignored = (folder / ".gitignore").read_text()
    assert "line 1\n" in (folder / "README.stackgen.md").read_text()
    result = update(folder, template=history.source(LAST))
    assert result.conflicts == ()
    assert (folder / "README.md").read_text() == README
    assert (folder / ".gitignore").read_text() == ignored
    assert "readme line 1 1.1\n" in (folder / "README.stackgen.md").read_text()
    assert (folder / "CHANGELOG.md").is_file()
    states = {file.path: file.state for file in result.files}
    assert states["README.stackgen.md"] == "updated"
    assert "README.md" not in states
    assert "_kept:\n- " in (folder / ANSWERS_FILE).read_text()
    commit(folder)
    assert update(folder, template=history.source(LAST)).files == ()


@pytest.mark.proof
def test_what_was_replaced_follows(make, history):
    folder = make("replace")
    update(folder, template=history.source(LAST))
    assert "readme line 1 1.1\n" in (folder / "README.md").read_text()
    assert not (folder / "README.stackgen.md").exists()


def test_drift_tells_what_is_not_as_the_template_has_it(make, history):
    (found,) = drift([make("keep")], template=history.source(LAST))
    assert {file.path: file.state for file in found.drifted} == {
        ".gitignore": "edited",
        "README.md": "edited",
    }


@pytest.mark.proof
def test_a_file_of_a_later_version_that_is_there_is_told(make, history):
    """Only what was kept is recorded; whatever else a person has is merged as in any project."""
    folder = make("keep", **{"CHANGELOG.md": "Ours\n"})
    result = update(folder, template=history.source(TAGS[1]))
    assert result.conflicts == ("CHANGELOG.md",)


@pytest.mark.proof
def test_a_deleted_readme_of_the_project_stays_deleted(make, history):
    folder = make("keep")
    (folder / "README.stackgen.md").unlink()
    commit(folder)
    result = update(folder, template=history.source(LAST))
    assert not (folder / "README.stackgen.md").exists()
    assert result.conflicts == ()


@pytest.mark.proof
def test_who_takes_a_file_off_the_list_gets_the_templates_changes(make, history):
    folder = make("keep")
    record = folder / ANSWERS_FILE
    record.write_text(record.read_text().replace("- README.md\n", ""))
    commit(folder)
    assert update(folder, template=history.source(LAST)).conflicts == ("README.md",)


@pytest.mark.parametrize("value", ["README.md", "{a: b}", "[1]"])
def test_a_malformed_list_is_named(make, history, value):
    folder = make("replace")
    record = folder / ANSWERS_FILE
    record.write_text(f"{record.read_text()}_kept: {value}\n")
    commit(folder)
    with pytest.raises(ProjectError, match=r"`_kept` in .* is no list of paths"):
        update(folder, template=history.source(LAST))


def test_a_list_that_leads_elsewhere_deletes_nothing(make, history, tmp_path):
    folder = make("replace")
    (tmp_path / "precious").touch()
    record = folder / ANSWERS_FILE
    record.write_text(f"{record.read_text()}_kept: [../../precious, /etc/passwd, '']\n")
    commit(folder)
    update(folder, template=history.source(LAST))
    assert (tmp_path / "precious").exists()
