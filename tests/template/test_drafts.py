"""A draft of a project is what Copier makes of the same values, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from option_matrix import COVERING, HOSTILE, OPTIONS, ROOT, label
from rendering import write_tree

from stackgen.template.drafts import Drafts, NoDraftError
from stackgen.template.loading import load_options
from stackgen.template.rendering import ANSWERS_FILE, Renderer


def made(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ANSWERS_FILE
    }


@pytest.fixture(scope="module")
def renderer():
    with Renderer() as renderer:
        yield renderer


@pytest.fixture(scope="module")
def one_for_all() -> Drafts:
    return Drafts(OPTIONS)


@pytest.mark.parametrize("row", COVERING, ids=label)
def test_every_combination_is_as_copier_renders_it(tmp_path, renderer, one_for_all, row):
    """Of one `Drafts`, as a search has it: what is known from another row must not show."""
    for number, person in enumerate([{"project_name": "shop"}, HOSTILE]):
        values = OPTIONS.resolve({**row, **person}).values
        renderer.render(ROOT, tmp_path / str(number), values)
        assert one_for_all.files(values) == made(tmp_path / str(number))


COPIER_YML = """
_subdirectory: "templates/{{ framework }}"
_exclude:
  - "{% if not part %}/part{% endif %}"
framework: {type: str, choices: [one], default: one}
part: {type: bool, default: false}
name: {type: str, default: x}
commands: {type: yaml, when: false, default: "{run: {{ name | upper | tojson }}}"}
"""
FILES = {
    "copier.yml": COPIER_YML,
    "templates/one/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
    "templates/one/part/a.txt.jinja": "{{ commands.run }}\n",
    "templates/one/part/b.bin": b"\xff\r\n",
    "templates/one/{% if part %}both{% endif %}/{{ name }}.txt.jinja": "{% include 'own' %}",
    "templates/one/plain.txt": "not rendered",
    "templates/one/plain.txt.jinja": "rendered",
    "own": "{% set name = name ~ '!' %}{{ name | to_json }}",
}


@pytest.mark.parametrize("values", [{}, {"part": True}, {"part": True, "name": '"é'}])
def test_a_small_template_is_as_copier_renders_it(tmp_path, renderer, values):
    """With names that are computed, folders left out, and a file that stands for another."""
    template = write_tree(tmp_path / "template", FILES)
    options = load_options(template)
    values = options.resolve(values).values
    renderer.render(template, tmp_path / "project", values)
    assert Drafts(options).files(values) == made(tmp_path / "project")


def test_a_text_is_rendered_once_for_the_values_that_it_speaks_of(tmp_path):
    options = load_options(write_tree(tmp_path, FILES))
    draft = Drafts(options)
    rendered = []
    for values in ({"part": True}, {"part": True, "name": "y"}):
        draft.files(options.resolve(values).values)
        rendered.append({text for text, _ in draft._texts})
    assert rendered[0] == rendered[1]
    assert sum("plain.txt" in text for text, _ in draft._texts) == 1
    assert sum("a.txt" in text for text, _ in draft._texts) == 2


@pytest.mark.parametrize(
    ("broken", "content"),
    [
        ("templates/one/part/a.txt.jinja", "{{ nothing.here }}"),
        ("templates/one/part/a.txt.jinja", "{% if %}"),
        ("templates/one/part/a.txt.jinja", "{% include 'missing' %}"),
        ("copier.yml", f"_answers_file: .mine.yml\n{COPIER_YML}"),
        ("copier.yml", COPIER_YML.replace("templates/{{ framework }}", "{{ elsewhere }}")),
    ],
)
def test_what_cannot_be_drafted_is_left_to_copier(tmp_path, broken, content):
    options = load_options(write_tree(tmp_path, {**FILES, broken: content}))
    with pytest.raises(NoDraftError):
        Drafts(options).files(options.resolve({"part": True}).values)


def test_a_link_is_left_to_copier(tmp_path):
    options = load_options(write_tree(tmp_path, FILES))
    (tmp_path / "templates/one/link.txt").symlink_to("plain.txt")
    with pytest.raises(NoDraftError):
        Drafts(options).files(options.resolve({}).values)
