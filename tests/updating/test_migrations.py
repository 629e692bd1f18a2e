"""Options with migrations come and go: what databases have run stays in the project."""

from __future__ import annotations

import pytest
from template_history import TemplateHistory, commit, git, snapshot

from stackgen.project.drift import drift
from stackgen.text.update import update_notes, update_text
from stackgen.updating.applying import undo_update, update
from stackgen.updating.planning import plan_update

pytestmark = pytest.mark.proof

OPTIONS = """\
_subdirectory: "templates/{{ framework }}"
_envops:
  undefined: jinja2.StrictUndefined
_exclude:
  - "{% if not (extras | default(false)) %}/extras.py{% endif %}"
  - "{% if not (extras | default(false)) %}/migrations/0002_extras.py{% endif %}"
  - "{% if not (extras | default(false)) %}/migrations/extras{% endif %}"
  - "{% if not (stored | default(true)) %}/migrations{% endif %}"

framework: {type: str, help: The framework, choices: [django], default: django}
project_name: {type: str, help: The name, default: shop}
extras: {type: bool, help: More, default: false}
stored: {type: bool, help: Whether there is a database, default: true}
theme: {type: str, help: Colours, choices: [light, dark], default: light}
year: {type: int, help: The year, ask: false, default: 2026}
recommendation: {type: yaml, ask: false, default: null}
commands: {type: yaml, when: false, default: '{"run": [], "test": [], "production": []}'}
"""
# The first release kept an option's migrations among the others, and did not tell of them.
MIGRATIONS = """\
migrations:
  type: yaml
  when: false
  default: |
    {% if extras and stored %}
    - {option: extras, folder: migrations/extras, undo: undo it, undo_in_production: undo there}
    {% else %}
    []
    {% endif %}
"""
FIRST, SECOND, THIRD = "v1.0.0", "v1.1.0", "v1.2.0"
RELEASES = {
    FIRST: {
        "copier.yml": OPTIONS,
        "extras.py": "extras\n",
        "migrations/0001_main.py": "main\n",
        "migrations/0002_extras.py": "first\nmore\n",
    },
    SECOND: {
        "copier.yml": OPTIONS + MIGRATIONS,
        "migrations/0002_extras.py": None,
        "migrations/extras/0001_extras.py": "first\n",
        "migrations/extras/0002_more.py": "more\n",
    },
    THIRD: {
        "migrations/extras/0001_extras.py": "first, in other words\n",
        "migrations/extras/0003_last.py": "last\n",
    },
}
OF_EXTRAS = ("migrations/extras/0001_extras.py", "migrations/extras/0002_more.py")


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """A template with an option that brings migrations."""
    folder = tmp_path_factory.mktemp("releases")
    repository = folder / "template"
    tree = repository / "templates/django"
    tree.mkdir(parents=True)
    (tree / "{{ _copier_conf.answers_file }}.jinja").write_text(
        "# Recorded by stackgen.\n{{ _copier_answers | to_nice_yaml -}}\n"
    )
    git("init", "-q", "-b", "main", cwd=repository)
    for tag, files in RELEASES.items():
        for name, content in files.items():
            path = (repository if name == "copier.yml" else tree) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_text(content)
        commit(repository, tag)
        git("tag", tag, cwd=repository)
        git("worktree", "add", "-q", "--detach", str(folder / tag), tag, cwd=repository)
        (folder / tag / ".git").unlink()
    return TemplateHistory(repository)


@pytest.fixture
def project(releases, tmp_path):
    """A project of the second release with the option on."""
    return releases.project(tmp_path / "shop", SECOND, extras=True)


def states(result):
    return {file.path: file.state for file in result.files if file.state != "unchanged"}


def migrations(project):
    folder = project / "migrations/extras"
    return {path.name: path.read_text() for path in folder.glob("*")}


def switch(project, releases, *, on, tag=SECOND):
    result = update(project, {"extras": str(on).lower()}, template=releases.source(tag))
    assert result.conflicts == ()
    commit(project)
    return result


def test_migrations_stay_when_their_option_goes(project, releases):
    before = migrations(project)
    planned = plan_update(project, {"extras": "false"}, template=releases.source(SECOND))
    result = switch(project, releases, on=False)
    assert states(planned) == states(result)
    assert states(result) == {
        ".copier-answers.yml": "updated",
        "extras.py": "deleted",
    }
    assert migrations(project) == before
    assert not (project / "extras.py").exists()
    assert "migrations/extras/0001_extras.py" not in update_text(result)
    (note,) = update_notes(result)
    for words in ("`extras` is off", "`migrations/extras/`", "`undo it`", "`undo there`", "delete"):
        assert words in note


def test_migrations_go_where_nothing_runs_them_any_more(project, releases):
    """Without a database none is left; what the project added itself stays, and all come back."""
    before = migrations(project)
    (project / "migrations/0003_own.py").write_text("own\n")
    commit(project)
    result = update(project, {"stored": "false"}, template=releases.source(SECOND))
    commit(project)
    assert (result.conflicts, update_notes(result)) == ((), [])
    assert [path.name for path in (project / "migrations").rglob("*.py")] == ["0003_own.py"]
    result = update(project, {"stored": "true"}, template=releases.source(SECOND))
    assert (result.conflicts, update_notes(result)) == ((), [])
    assert migrations(project) == before


def test_status_takes_them_for_the_projects_own(project, releases):
    switch(project, releases, on=False)
    (found,) = drift([project], template=releases.source(SECOND))
    assert found.drifted == ()
    assert not any(file.path.startswith("migrations/extras") for file in found.files)


def test_later_updates_leave_them(project, releases):
    switch(project, releases, on=False)
    before = migrations(project)
    result = update(project, {"theme": "dark"}, template=releases.source(THIRD))
    assert migrations(project) == before
    assert update_notes(result) == []


def test_option_carries_on_with_them(project, releases):
    (project / OF_EXTRAS[1]).write_text("more, edited\n")
    (project / "migrations/extras/own.py").write_text("own\n")
    commit(project)
    switch(project, releases, on=False)
    result = switch(project, releases, on=True, tag=THIRD)
    assert migrations(project) == {
        "0001_extras.py": "first\n",
        "0002_more.py": "more, edited\n",
        "0003_last.py": "last\n",
        "own.py": "own\n",
    }
    assert states(result) == {
        ".copier-answers.yml": "updated",
        "extras.py": "added",
        "migrations/extras/0003_last.py": "added",
    }


def test_deleted_ones_stay_deleted_until_the_option_returns(project, releases):
    switch(project, releases, on=False)
    git("rm", "-rq", "migrations/extras", cwd=project)
    commit(project)
    update(project, {"theme": "dark"}, template=releases.source(SECOND))
    commit(project)
    assert migrations(project) == {}
    result = switch(project, releases, on=True)
    assert {states(result)[path] for path in OF_EXTRAS} == {"added"}
    assert migrations(project) == {"0001_extras.py": "first\n", "0002_more.py": "more\n"}


def test_there_and_back_leaves_no_trace(project, releases):
    before = snapshot(project)
    switch(project, releases, on=False)
    switch(project, releases, on=True)
    assert snapshot(project) == before
    update(project, {"extras": "false"}, template=releases.source(SECOND))
    undo_update(project)
    assert snapshot(project) == before


def test_nothing_is_told_where_nothing_stays(project, releases):
    git("rm", "-rq", "migrations/extras", cwd=project)
    commit(project)
    result = switch(project, releases, on=False)
    assert migrations(project) == {}
    assert update_notes(result) == []


def test_release_that_did_not_tell_of_them(releases, tmp_path):
    """They come to where the new release has them, also when the option goes at once."""
    project = releases.project(tmp_path / "old", FIRST, extras=True)
    result = switch(project, releases, on=False)
    assert migrations(project) == {"0001_extras.py": "first\n", "0002_more.py": "more\n"}
    assert [path.name for path in (project / "migrations").glob("*.py")] == ["0001_main.py"]
    assert "`migrations/extras/` stays" in update_notes(result)[-1]
    project = releases.project(tmp_path / "older", FIRST, extras=True)
    result = update(project, template=releases.source(SECOND))
    assert states(result)["migrations/extras/0001_extras.py"] == "added"
    assert update_notes(result) == []
