"""What is asked of a new project: every face fills the same request."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import stackgen
from stackgen.errors import AnswerError, DestinationError, OptionError, StackgenError
from stackgen.project.answers_file import AnswersFile
from stackgen.project.preset import Preset
from stackgen.project.request import Request, request_project
from stackgen.project.run_defaults import RUN_DEFAULTS, RunDefault, find_defaults

FOR_FLASK = {
    "scope": "one-job",
    "style": "choose-parts",
    "data": "elsewhere",
    "accounts": "nobody",
    "output": "api-only",
}


def git_says(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> None:
    settings = folder / "gitconfig"
    settings.write_text(f"[user]\n name = {name}\n email = ann@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))


def test_a_project_is_called_as_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git_says(monkeypatch, tmp_path, "Ann")
    request = stackgen.request_project(tmp_path / "shop", answers=FOR_FLASK)
    decision = request.decide()
    assert (decision.framework, decision.by) == ("flask", "answers")
    values = decision.resolved.values
    assert values["project_name"] == "shop"
    assert values["year"] == datetime.now(UTC).astimezone().year
    assert (values["author_name"], values["author_email"]) == ("Ann", "ann@example.com")
    assert list(tmp_path.iterdir()) == [tmp_path / "gitconfig"]


def test_a_request_makes_a_project(tmp_path: Path) -> None:
    request = stackgen.request_project(tmp_path / "shop", options={"framework": "flask"})
    made = stackgen.generate(request.destination, request.decide().resolved.values, with_git=False)
    assert made.path == tmp_path / "shop"
    assert 'name = "shop"' in (made.path / "pyproject.toml").read_text()


def test_another_face_brings_its_own_defaults(tmp_path: Path) -> None:
    """A web page must not sign with the name of its server's administrator."""
    named = {"project_name": "shop", "year": "2031"}
    request = request_project(tmp_path / "x1", defaults=named, options={"framework": "flask"})
    values = request.decide().resolved.values
    assert (values["project_name"], values["year"]) == ("shop", 2031)
    assert values["author_name"] == "The shop authors"


def test_one_table_says_which_options_belong_to_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = stackgen.load_options(stackgen.template_root())
    assert RUN_DEFAULTS.keys() <= options.settable.keys()
    fifth = RunDefault(option="description", find=lambda path: f"At {path.name}.", origin="new")
    monkeypatch.setitem(RUN_DEFAULTS, "description", fifth)
    assert find_defaults(tmp_path / "shop", options)["description"] == "At shop."


@pytest.mark.parametrize("name", ["", "a\u202eb", "x" * 501])
def test_a_name_of_gits_that_cannot_be_used_is_left_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    git_says(monkeypatch, tmp_path, name)
    request = request_project(tmp_path / "shop", options={"framework": "flask"})
    assert "author_name" not in request.defaults


def test_what_a_person_says_goes_before_the_file(tmp_path: Path) -> None:
    file = AnswersFile(
        answers={"scope": "one-job", "first_project": "no"},
        options={"ci": "none", "license": "mpl-2.0"},
    )
    request = request_project(
        tmp_path / "shop", answers={"scope": "many-modules"}, options={"ci": "gitlab"}, file=file
    )
    assert request.answers == {"scope": "many-modules", "first_project": "no"}
    assert request.options == {"ci": "gitlab", "license": "mpl-2.0"}


def test_a_record_gives_what_means_the_same_with_another_framework(tmp_path: Path) -> None:
    record = AnswersFile(
        options={"framework": "django", "admin": True, "ci": "none"}, of_project=True
    )
    other = request_project(tmp_path / "shop", options={"framework": "flask"}, file=record)
    assert other.options == {"framework": "flask", "ci": "none"}
    same = request_project(tmp_path / "shop", file=record)
    assert same.options == {"framework": "django", "admin": True, "ci": "none"}


def preset(answers: dict[str, str], framework: str, **options: object) -> Preset:
    return Preset(
        origin="again",
        answers=answers,
        options=options,
        framework=framework,
        counts_unasked=True,
    )


def test_choices_are_marked_by_the_strongest_preset_and_not_where_answered(tmp_path: Path) -> None:
    configured = Preset(origin="configuration", answers={"scope": "many-modules", "team": "1-2"})
    request = request_project(
        tmp_path / "shop", presets=[configured, preset({"scope": "one-job"}, "flask")]
    )
    assert request.marked == {"scope": "one-job", "team": "1-2"}
    assert request.with_answers({"scope": "one-job"}).unasked().answers == {"scope": "one-job"}
    assert request.unasked().answers == {"scope": "one-job"}


FOR_DJANGO = {
    "scope": "many-modules",
    "style": "ready-structure",
    "data": "linked-tables",
    "backoffice": "from-day-one",
    "output": "pages",
    "accounts": "few-or-company",
}


@pytest.mark.parametrize(
    ("before", "took", "now", "marked"),
    [
        (FOR_FLASK, "flask", FOR_FLASK, "flask"),
        (FOR_FLASK, "flask", FOR_DJANGO, "django"),  # As recommended then, and so again.
        (FOR_FLASK, "django", FOR_FLASK, "django"),  # Overruled then, and so again.
        (FOR_DJANGO, "flask", FOR_DJANGO, "flask"),
        ({}, "flask", {}, "flask"),  # Nothing decides, then as now.
        ({}, "django", FOR_FLASK, "flask"),  # The default was no wish.
        (FOR_FLASK, "flask", {}, "flask"),
    ],
)
def test_the_framework_that_is_marked(
    tmp_path: Path, before: dict, took: str, now: dict, marked: str
) -> None:
    request = request_project(tmp_path / "shop", answers=now, presets=[preset(before, took)])
    assert request.marked_framework == marked


def test_without_presets_the_recommended_framework_is_marked(tmp_path: Path) -> None:
    assert request_project(tmp_path / "shop").marked_framework == "django"
    assert request_project(tmp_path / "shop", answers=FOR_FLASK).marked_framework == "flask"


def test_the_last_interview_means_the_same_with_another_framework(tmp_path: Path) -> None:
    """What one framework forces is no wish for the other."""
    last = preset(FOR_FLASK, "flask", admin=False, ci="none")
    request = request_project(
        tmp_path / "shop", options={"framework": "django"}, presets=[last]
    ).unasked()
    resolved = request.decide().resolved
    assert resolved.values["ci"] == "none"
    assert resolved.values["admin"] is True
    assert [each.origin for each in resolved.dropped if each.option == "admin"] == []


@pytest.fixture
def request_for_shop(tmp_path: Path) -> Request:
    return request_project(tmp_path / "shop", answers={"scope": "one-job"})


def test_a_request_is_changed_step_by_step(request_for_shop: Request) -> None:
    answered = request_for_shop.with_answers(FOR_FLASK | {"lightness": "dont-know"})
    assert answered.answers == FOR_FLASK | {"lightness": "dont-know"}
    assert answered.recommendation.answers == FOR_FLASK
    assert answered.recommendation.passed == ("lightness",)
    assert answered.recommendation.framework == "flask"
    changed = answered.with_options({"ci": "none"}).with_options({"python": 3.12})
    assert changed.options == {"ci": "none", "python": "3.12"}
    assert changed.decide().resolved.values["python"] == "3.12"
    assert request_for_shop.options == {}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"databse": "x"}, OptionError, "Did you mean `database`"),
        ({"project_name": "con"}, DestinationError, "Windows"),
        ({"project_name": "flask"}, DestinationError, "package the project"),
        ({"recommendation": {}}, OptionError, "cannot be set"),
    ],
)
def test_a_wrong_option_is_refused_at_once_and_names_no_flag(
    request_for_shop: Request, options: dict, error: type[StackgenError], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        request_project(request_for_shop.destination, options=options)
    assert "--" not in str(caught.value)
    with pytest.raises(error, match=message):
        request_for_shop.with_options(options)


def test_a_wrong_answer_is_refused_at_once(request_for_shop: Request) -> None:
    with pytest.raises(AnswerError, match="`scope` cannot be `huge`"):
        request_project(request_for_shop.destination, answers={"scope": "huge"})
    with pytest.raises(AnswerError, match="`scope` cannot be `huge`"):
        request_for_shop.with_answers({"scope": "huge"})


def test_a_place_with_a_bad_name_is_refused(tmp_path: Path) -> None:
    for name in ("con", "django", "a--b", "2shop"):
        with pytest.raises(DestinationError, match=f"cannot be called `{name}`"):
            request_project(tmp_path / name)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "Nothing says which framework to use."),
        ({"scope": "one-job"}, "The answers do not decide between the frameworks. Not answered: "),
    ],
)
def test_what_does_not_decide_says_which_input_would(
    tmp_path: Path, answers: dict, message: str
) -> None:
    request = request_project(tmp_path / "shop", answers=answers)
    with pytest.raises(AnswerError) as caught:
        request.decide()
    assert str(caught.value).startswith(message)
    assert caught.value.remedy == "framework"
    assert "--" not in str(caught.value)
    assert request.decide(take_default=True).by == "default"


def test_options_that_no_framework_takes_are_refused_before_it_is_known(tmp_path: Path) -> None:
    chosen = {"frontend": "none", "api": "false"}
    with pytest.raises(OptionError, match="Without pages there must be an API"):
        request_project(tmp_path / "shop", options=chosen).refuse_impossible()
    request_project(tmp_path / "shop", options={"admin": "false"}).refuse_impossible()
