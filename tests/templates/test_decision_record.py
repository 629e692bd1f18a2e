"""The record of the framework's choice in every generated repository."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
import yaml
from copier import run_copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.recommendation import recommend
from stackgen.template.rendering import ANSWERS_FILE, Renderer

ROOT = Path(__file__).parents[2]
RECORD = "docs/decisions/0001-web-framework.md"
QUESTIONNAIRE = load_questionnaire()
FOLDER = Path(__file__).parents[1] / "snapshots"
CHOICES = {q.id: [c.id for c in q.choices] for q in QUESTIONNAIRE.questions}

BUILT_IN = {"data": "linked-tables", "backoffice": "from-day-one", "accounts": "own-users"}
CASES = {
    "followed": ("django", BUILT_IN | {"scope": "many-modules", "style": "ready-structure"}),
    "followed-other": (
        "flask",
        {"scope": "one-job", "style": "choose-parts", "data": "elsewhere", "output": "api-only"}
        | {"accounts": "nobody", "first_project": "yes"},
    ),
    "overruled": ("flask", BUILT_IN | {"scope": "many-modules", "output": "pages"}),
    "tension": ("django", BUILT_IN | {"scope": "several-features", "style": "choose-parts"}),
    "undecided": (
        "flask",
        {"scope": "one-job", "style": "ready-structure", "data": "few-tables"}
        | {"backoffice": "no", "accounts": "few-or-company"},
    ),
    "not-enough": ("django", {"scope": "one-job"}),
    "passed": (
        "django",
        {"scope": "dont-know", "style": "dont-know", "team": "6-plus"} | BUILT_IN,
    ),
    "none": ("django", None),
    "none-other": ("flask", None),
}


def recorded(framework, answers):
    """What `stackgen new` records of these answers."""
    if answers is None:
        return None
    recommendation = recommend(answers, QUESTIONNAIRE).as_dict()
    overruled = recommendation["framework"] not in {None, framework}
    return {**recommendation, "overruled": overruled}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """Render the record and the answers file of a project, and no other file of it."""
    template = tmp_path_factory.mktemp("template")
    shutil.copy(ROOT / "copier.yml", template)
    shutil.copytree(ROOT / "templates/shared", template / "templates/shared")
    for framework in QUESTIONNAIRE.frameworks:
        source, target = (root / "templates" / framework for root in (ROOT, template))
        shutil.copytree(source / "docs/decisions", target / "docs/decisions")
        for path in source.glob("*answers_file*"):
            shutil.copy(path, target)

    with Renderer() as renderer:
        yield partial(_rendered, renderer, template)


def _rendered(renderer, template, folder, framework, recommendation):
    renderer.render(
        template,
        folder,
        {
            "framework": framework,
            "project_name": "example",
            "year": 2026,
            "recommendation": recommendation,
        },
    )
    return (folder / RECORD).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_the_record_tells_what_was_decided_and_why(rendered, tmp_path, case, matches_snapshot):
    framework, answers = CASES[case]
    text = rendered(tmp_path / "example", framework, recorded(framework, answers))

    matches_snapshot(f"decision/{case}.md", text)


def test_snapshots_are_of_these_cases():
    assert {path.stem for path in (FOLDER / "decision").iterdir()} == set(CASES)


@pytest.mark.parametrize("framework", QUESTIONNAIRE.frameworks)
@pytest.mark.filterwarnings("ignore::copier.errors.DirtyLocalWarning")
def test_copier_alone_says_that_nothing_was_recommended(tmp_path, framework):
    run_copy(
        str(ROOT),
        tmp_path / "example",
        data={"framework": framework},
        defaults=True,
        quiet=True,
        vcs_ref="HEAD",
    )
    text = (tmp_path / "example" / RECORD).read_text(encoding="utf-8")

    assert "No recommendation was made" in text
    assert f"{QUESTIONNAIRE.frameworks[framework]} was chosen." in text


def test_the_answers_file_holds_all_that_the_record_needs(rendered, tmp_path):
    framework, answers = CASES["overruled"]
    before = rendered(tmp_path / "one", framework, recorded(framework, answers))
    values = yaml.safe_load((tmp_path / "one" / ANSWERS_FILE).read_text(encoding="utf-8"))

    assert rendered(tmp_path / "two", framework, values["recommendation"]) == before
    assert values["recommendation"]["answers"] == answers


def test_a_recommendation_without_the_answers_is_recorded_too(rendered, tmp_path):
    """Other tools know the object without them."""
    framework, answers = CASES["followed"]
    recommendation = recorded(framework, answers)
    del recommendation["answers"], recommendation["overruled"]

    assert "| `scope`: many-modules | Django, 3 |" in rendered(
        tmp_path / "example", framework, recommendation
    )


@pytest.mark.parametrize("case", ["tension", "undecided", "followed-other"])
def test_a_record_of_an_older_build_is_rendered_too(rendered, tmp_path, case):
    """A project keeps the object that its build knew; an update renders the record from it."""
    framework, answers = CASES[case]
    recommendation = recorded(framework, answers)
    for key in ("passed", "caveats", "judgement", "precedents", "other_precedent"):
        del recommendation[key]
    for flip in recommendation["flips"]:
        del flip["text"]

    text = rendered(tmp_path / "example", framework, recommendation)

    assert "not known" not in text
    for flip in recommendation["flips"]:
        ((question, choice), *_) = flip["changes"].items()
        assert f"- {flip['framework'].capitalize()}, near tie: `{question}={choice}`" in text


@pytest.mark.proof
def test_the_article_is_named_once_at_the_head(rendered, tmp_path):
    for framework, answers in CASES.values():
        text = rendered(tmp_path / framework, framework, recorded(framework, answers))
        assert text.count(QUESTIONNAIRE.article) == (answers is not None)
        assert QUESTIONNAIRE.article not in text.partition("## Decision")[2]
        shutil.rmtree(tmp_path / framework)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {}, optional={q: st.sampled_from([*c, "dont-know"]) for q, c in CHOICES.items()}
    ),
    st.sampled_from(sorted(QUESTIONNAIRE.frameworks)),
)
@pytest.mark.proof
def test_any_recommendation_can_be_recorded(rendered, tmp_path_factory, answers, framework):
    folder = tmp_path_factory.mktemp("record") / "example"
    text = rendered(folder, framework, recorded(framework, answers))
    recommendation = recommend(answers, QUESTIONNAIRE)

    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == len(CHOICES)
    for said in (*recommendation.reasons, *recommendation.flips, *recommendation.caveats):
        assert said.text in text
    assert recommendation.judgement is None or recommendation.judgement.text in text
    for question in recommendation.unanswered:
        state = "not known" if question in recommendation.passed else "not answered"
        assert f"| `{question}`: {state} |" in text
    assert ("overruling" in text) == (recommendation.framework not in {None, framework})
    assert "%" not in text
    assert "\n\n\n" not in text
