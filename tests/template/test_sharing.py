"""Renders share files, and nobody can tell: each is what it would be alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from option_matrix import DEFAULTS, HOSTILE, OPTIONS, ROOT
from rendering import write_tree

from stackgen.advice.loading import load_questionnaire
from stackgen.advice.recommendation import recommend
from stackgen.template.loading import load_options
from stackgen.template.needs import Needs, UnknownNeedsError
from stackgen.template.rendering import ANSWERS_FILE, Renderer, stamp

PEOPLE = [
    {"project_name": "acme-shop", "author_name": "Acme"},
    {"project_name": "blog", "year": 1999, "author_email": "a@example.com"},
    {"project_name": "other_one", **HOSTILE},
    {
        "project_name": "last",
        "recommendation": recommend({"scope": "one-job"}, load_questionnaire()).as_dict(),
    },
]


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    # Where the template lies is not the same: an update puts its address there.
    stamp(folder, url="x", tag="v1")
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mode,
            b"" if path.is_dir() else path.read_bytes(),
        )
        for path in folder.rglob("*")
    }


def stages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*/stage"))


@pytest.mark.parametrize("defaults", DEFAULTS.values(), ids=DEFAULTS)
@pytest.mark.proof
def test_projects_that_share_a_render_are_what_they_would_be_alone(tmp_path, defaults):
    """With the choices that most of the template's files depend on, too."""
    choices = [{}, {"api": True, "accounts": True, "ci": "gitlab", "database": "postgresql"}]
    with Renderer(tmp_path / "kept") as sharing, Renderer() as alone:
        for number, chosen in enumerate(choices):
            for person in PEOPLE[number:]:
                values = OPTIONS.resolve({**defaults, **chosen, **person}).values
                place = tmp_path / str(number) / person["project_name"]
                place.mkdir(parents=True)
                sharing.render(ROOT, place / "one", values)
                alone.render(ROOT, place / "other", values)
                assert tree(place / "one") == tree(place / "other")
        made = stages(tmp_path / "kept")
    assert len(made) == len(choices)
    for stage in made:  # What differs is little: the rest was made once.
        assert len(list(stage.rglob("*.jinja"))) < 25


COPIER_YML = """
_subdirectory: "templates/{{ framework }}"
_envops: {undefined: jinja2.StrictUndefined}
_exclude:
  - "{% if not part %}/part.txt{% endif %}"
framework: {type: str, choices: [one, two], default: one}
project_name: {type: str, default: x}
part: {type: bool, default: false}
commands: {type: yaml, when: false, default: "[1, {a: '<b>'}]"}
upper: {type: str, when: false, default: "{{ project_name | upper }}"}
"""
FILES = {
    "copier.yml": COPIER_YML,
    "templates/shared/one": "{{ project_name }}",
    "templates/shared/two": "{{ part }}",
    "templates/one/{{ _copier_conf.answers_file }}.jinja": "#\n{{ _copier_answers | to_json }}",
    "templates/one/direct.jinja": "{{ project_name }}",
    "templates/one/by_include.jinja": "{% include 'templates/shared/' ~ framework %}",
    "templates/one/by_computed.jinja": "{{ upper }}",
    "templates/one/by_copier.jinja": "{{ _copier_conf.dst_path.name }}",
    "templates/one/same.jinja": "{{ commands }} {% include 'templates/shared/two' %}",
    "templates/one/set.jinja": "{% set project_name = 'set' %}{{ project_name }}",
    "templates/one/part.txt.jinja": "part",
    "templates/one/plain.txt": "plain",
}


@pytest.fixture
def small(tmp_path):
    write_tree(tmp_path / "small", FILES)
    return tmp_path / "small"


def render(renderer, template, folder, name, **values):
    options = load_options(template)
    folder.parent.mkdir(exist_ok=True)
    renderer.render(template, folder, options.resolve({"project_name": name, **values}).values)
    answers = json.loads((folder / ANSWERS_FILE).read_text().partition("\n")[2])
    answers.pop("_src_path")  # It is where the stage was.
    texts = {path.name: path.read_text() for path in folder.iterdir() if path.name != ANSWERS_FILE}
    return texts, answers


def test_a_file_is_made_anew_where_anything_in_it_may_differ(small, tmp_path):
    with Renderer(tmp_path / "kept") as renderer:
        render(renderer, small, tmp_path / "a", "first")
        files, answers = render(renderer, small, tmp_path / "b", "second")
        (stage,) = stages(tmp_path / "kept")
        anew = {path.name for path in (stage / "templates/one").iterdir()}
    assert files == {
        "direct": "second",
        "by_include": "second",
        "by_computed": "SECOND",
        "by_copier": "b",
        "same": "[1, {'a': '<b>'}] False",
        "set": "set",
        "plain.txt": "plain",
    }
    assert (answers["project_name"], "commands" in answers) == ("second", False)
    assert anew == {
        "{{ _copier_conf.answers_file }}.jinja",
        "direct.jinja",
        "by_include.jinja",
        "by_computed.jinja",
        "by_copier.jinja",
    }


def test_other_choices_share_nothing(small, tmp_path):
    with Renderer(tmp_path / "kept") as renderer:
        render(renderer, small, tmp_path / "a", "first")
        files, _ = render(renderer, small, tmp_path / "b", "second", part=True)
        assert files["part.txt"] == "part"
        assert files["same"].endswith("True")
        assert stages(tmp_path / "kept") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("copier.yml", COPIER_YML.replace("not part", "project_name == 'x'")),
        ("templates/one/{{ project_name }}.txt", "a name of its own"),
        ("templates/one/{% if part %}d{% endif %}{{ project_name }}.d", "another name"),
        ("copier.yml", COPIER_YML.replace("[1, {a: '<b>'}]", "{1: a number is no text}")),
    ],
    ids=["excluded", "named", "named by two", "no JSON"],
)
def test_what_cannot_be_shared_is_made_whole(small, tmp_path, name, text):
    (small / name).parent.mkdir(exist_ok=True)
    (small / name).write_text(text)
    with Renderer(tmp_path / "kept") as sharing, Renderer() as alone:
        for project in ("first", "second", "x"):
            shared = render(sharing, small, tmp_path / f"{project}-a" / "p", project)
            assert shared == render(alone, small, tmp_path / f"{project}-b" / "p", project)
        assert not [stage for stage in stages(tmp_path / "kept") if (stage / "copier.yml").exists()]


def test_needs_follow_includes_and_do_not_guess(small):
    needs = Needs(small, {"framework": "one"})
    assert needs.of("{% include 'templates/shared/' ~ framework %}") == {
        "framework",
        "project_name",
    }
    for text in (
        "{% include project_name %}",
        "{% include 'templates/shared/gone' %}",
        "{% set framework = 'two' %}",
        "{% broken",
    ):
        with pytest.raises(UnknownNeedsError):
            needs.of(text)
    (small / "templates/shared/circle").write_text("{% include 'templates/shared/circle' %}{{ a }}")
    assert needs.of("{% include 'templates/shared/circle' %}") == {"a"}
