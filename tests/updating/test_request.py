"""What is asked of a project that is there: every face fills the same request."""

from __future__ import annotations

import pytest
from template_history import LAST, TAGS, commit, git, snapshot

from stackgen.changes.undo import Undone
from stackgen.errors import CombinationError, DiscardError, OptionError
from stackgen.updating.request import UpdateRequest


@pytest.fixture
def request_for(project, history):
    def build(**inputs):
        return UpdateRequest(path=project, template=history.source(LAST), **inputs)

    return build


@pytest.mark.parametrize("undo", ["check", "dry_run", "changes"])
@pytest.mark.parametrize("check", ["dry_run", "changes"])
def test_inputs_that_would_be_left_aside_are_refused(request_for, undo, check):
    values = {"check": True, "dry_run": True, "changes": {"theme": "dark"}}
    for leading, other in (("undo", undo), ("check", check)):
        message = f"`{leading}` and `{other}` contradict each other"
        with pytest.raises(CombinationError, match=message):
            request_for(**{leading: True, other: values[other]})


def test_an_input_that_needs_another_is_refused_alone(request_for):
    with pytest.raises(CombinationError, match=r"`diff` belongs to `dry_run`\. Give both"):
        request_for(diff=True)
    assert request_for(diff=True, dry_run=True).carry_out().diff


def test_new_options_are_named_until_something_is_said_about_them(request_for):
    theme, more = request_for().new_options()
    assert (theme.option.id, theme.value) == ("theme", "light")
    assert request_for().with_changes({"theme": "dark"}).new_options() == (more,)
    assert request_for(check=True).new_options() == ()
    assert request_for(undo=True).new_options() == ()


def test_edits_that_would_go_are_found_and_kept_until_they_may(request_for, project):
    (project / "extras/one.py").write_text("mine\n")
    commit(project)
    request = request_for(changes={"extras": "no"})
    with pytest.raises(DiscardError, match=r"`extras/one\.py`") as caught:
        request.carry_out()
    assert caught.value.paths == ("extras/one.py",)
    assert caught.value.remedy == "discard_edits"
    assert "--" not in str(caught.value)
    assert (project / "extras/one.py").read_text() == "mine\n"
    assert request.discarding().carry_out().discarded == ("extras/one.py",)
    assert not (project / "extras").exists()


def test_a_request_is_carried_out_and_taken_back(request_for, project):
    before = snapshot(project)
    assert request_for(check=True).carry_out().behind
    assert request_for(dry_run=True).carry_out().files
    assert snapshot(project) == before
    assert request_for().carry_out().undo
    assert snapshot(project) != before
    undone = request_for(undo=True).carry_out()
    assert isinstance(undone, Undone)
    assert "app/api.py" in undone.files
    assert snapshot(project) == before
    assert git("status", "--porcelain", cwd=project) == ""


def test_a_refusal_says_which_input_would_mend_it(project, history):
    request = UpdateRequest(
        path=project, changes={"framework": "flask"}, template=history.source(TAGS[0])
    )
    with pytest.raises(OptionError, match=r"cannot change\. Start a new one") as caught:
        request.carry_out()
    assert "--" not in str(caught.value)
    assert caught.value.record == project / ".copier-answers.yml"
