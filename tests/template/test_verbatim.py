"""Files without Jinja pass Copier by, and nobody can tell: the result is Copier's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import plumbum
import pytest
from copier import Settings, run_copy
from option_matrix import DEFAULTS, OPTIONS, ROOT
from rendering import write_tree

from stackgen.errors import RenderError
from stackgen.template import worker
from stackgen.template.rendering import Renderer
from stackgen.template.verbatim import NoStageError, make_stage

VALUES = {"framework": "one", "name": "shop", "part": False}

COPIER_YML = """
_subdirectory: "templates/{{ framework }}"
_envops: {undefined: jinja2.StrictUndefined, trim_blocks: true, lstrip_blocks: true}
_exclude:
  - "__pycache__"
  - "*.py[co]"
  - "{% if not (part | default(false)) %}/part{% endif %}"
  - "{% if part %}/off.txt{% endif %}"
  - "/notes/*"
  - "!/notes/keep.txt"
  - "{% if _copier_operation == 'update' %}/plain.txt{% endif %}"
  - "{% if part %}/a.bin\\n/long/er{% endif %}"
framework: {type: str, choices: [one, two], default: one}
name: {type: str, default: shop}
part: {type: bool, default: false}
upper: {type: str, when: false, default: "{{ name | upper }}"}
"""

FILES: Mapping[str, str | bytes] = {
    "copier.yml": COPIER_YML,
    "templates/shared/licence": "{{ name }}'s\n",
    "templates/one/plain.txt": "{{ not for Jinja }}\n",
    "templates/one/a.bin": bytes(range(256)),
    "templates/one/empty": "",
    "templates/one/LICENCE.jinja": "{% include 'templates/shared/licence' %}",
    "templates/one/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_json }}\n",
    "templates/one/name-{{ upper }}.txt": "a name with Jinja\n",
    "templates/one/{% if part %}when.txt{% endif %}": "a name for some answers\n",
    "templates/one/{{ name }}/in/it.txt": "a folder with Jinja\n",
    "templates/one/both.txt": "not this one\n",
    "templates/one/both.txt.jinja": "{{ name }}\n",
    "templates/one/part/a.txt": "\n",
    "templates/one/part/deep/b.txt.jinja": "{{ name }}\n",
    "templates/one/off.txt": "off\n",
    "templates/one/notes/keep.txt": "keep\n",
    "templates/one/notes/drop.txt": "drop\n",
    "templates/one/cache/__pycache__/x.pyc": b"\0",
    "templates/one/long/er/path/c.txt": "c\n",
    "templates/one/long/er/path/d.txt.jinja": "{{ upper }}\n",
    "templates/one/#odd name.txt": "odd\n",
    "templates/one/größe.txt": "größe\n",
    "templates/two/x.jinja": "{{ name }}\n",
    "README.md": "not of the template\n",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = write_tree(tmp_path / "template", FILES)
    (folder / "templates/one/plain.txt").chmod(0o755)
    (folder / "templates/one/LICENCE.jinja").chmod(0o755)
    (folder / "templates/one/bare").mkdir()
    return folder


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def found(folder: Path) -> dict[str, tuple[bool, bytes | None]]:
    """Every file and folder, whether it may be executed, and what is in it."""
    return {
        path.relative_to(folder).as_posix(): (
            bool(path.is_file() and path.stat().st_mode & stat.S_IXUSR),
            path.read_bytes() if path.is_file() else None,
        )
        for path in folder.rglob("*")
        if path.name != ".copier-answers.yml"
    }


def copied(template: Path, destination: Path, values: Mapping[str, Any]) -> Path:
    """Render with Copier alone."""
    with plumbum.local.env(PATH=os.devnull):
        run_copy(
            str(template),
            destination,
            data=dict(values),
            defaults=True,
            quiet=True,
            settings=Settings(),
        )
    return destination


def staged(template: Path, folder: Path, values: Mapping[str, Any] = VALUES) -> list[str]:
    """Return the files that Copier is to see."""
    folder.mkdir()
    make_stage(template, values, folder)
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("part", [True, False])
def test_the_result_is_that_of_copier(
    renderer: Renderer, template: Path, tmp_path: Path, part: bool
) -> None:
    values = {**VALUES, "part": part}
    renderer.render(template, tmp_path / "own", values)
    own, theirs = found(tmp_path / "own"), found(copied(template, tmp_path / "copier", values))
    assert own == theirs
    assert own.keys() >= {"plain.txt", "LICENCE", "both.txt", "name-SHOP.txt", "shop/in/it.txt"}
    assert ("part/deep/b.txt" in own, "off.txt" in own) == (part, not part)
    assert (tmp_path / "own/.copier-answers.yml").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copier", "own", "template"]


def test_copier_sees_what_has_jinja_and_no_more(template: Path, tmp_path: Path) -> None:
    assert staged(template, tmp_path / "stage") == [
        "copier.yml",
        "templates/one/.stackgen-excluded.jinja",
        "templates/one/LICENCE.jinja",
        "templates/one/both.txt.jinja",
        "templates/one/long/er/path/d.txt.jinja",
        "templates/one/name-{{ upper }}.txt",
        "templates/one/part/deep/b.txt.jinja",
        "templates/one/{% if part %}when.txt{% endif %}",
        "templates/one/{{ _copier_conf.answers_file }}.jinja",
        "templates/one/{{ name }}/in/it.txt",
        "templates/shared/licence",
    ]


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_the_real_template_is_rendered_by_way_of_its_stage(tmp_path: Path, framework: str) -> None:
    """The second way would be as right, and take twice as long."""
    values = OPTIONS.resolve(DEFAULTS[framework]).values
    files = staged(ROOT, tmp_path / "stage", values)
    tree = [name for name in files if name.startswith(f"templates/{framework}/")]
    with plumbum.local.env(PATH=os.devnull):
        assert worker._render_stage(ROOT, tmp_path / "shop", values)
    whole = [path for path in (ROOT / "templates" / framework).rglob("*") if path.is_file()]
    # Stubs are many and cheap: they cost no measurable time more than files without an include.
    assert len(tree) < len(whole) / 2


LATER = {"templates/one/two.jinja": "{% include 'templates/two/x.jinja' %}"}


@pytest.mark.parametrize(
    "change",
    [
        {"copier.yml": COPIER_YML.replace("templates/{{ framework }}", "templates/one/long")},
        {"copier.yml": f"{COPIER_YML}_answers_file: record.yml\n"},
        {"copier.yml": f"{COPIER_YML}_templates_suffix: .er\n"},
        {"copier.yml": COPIER_YML.replace("{undefined", "{line_comment_prefix: '##', undefined")},
        {"copier.yml": COPIER_YML.replace('"/notes/*"', '"*"')},
        {"copier.yml": COPIER_YML.replace("trim_blocks: true, ", "")},
        {"copier.yml": COPIER_YML.replace('"/notes/*"', '"/.stackgen-excluded"')},
        {"templates/one/sub/.copier-answers.yml": "odd\n"},
        {"plain.txt.jinja": "stands for the other one, though it is no file of the tree\n"},
        LATER,
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.filterwarnings("ignore")
def test_other_shapes_are_rendered_as_copier_does(
    renderer: Renderer, template: Path, tmp_path: Path, change: Mapping[str, str]
) -> None:
    write_tree(template, change)
    renderer.render(template, tmp_path / "own", VALUES)
    assert found(tmp_path / "own") == found(copied(template, tmp_path / "copier", VALUES))


def test_a_link_is_left_to_copier(renderer: Renderer, template: Path, tmp_path: Path) -> None:
    (template / "templates/one/link.txt").symlink_to("plain.txt")
    renderer.render(template, tmp_path / "own", VALUES)
    assert found(tmp_path / "own") == found(copied(template, tmp_path / "copier", VALUES))
    (template / "templates/one/link.txt").unlink()
    (template / "templates/one/link.txt").symlink_to(tmp_path)
    with pytest.raises(RenderError, match="ForbiddenPathError"):
        renderer.render(template, tmp_path / "again", VALUES)


@pytest.mark.parametrize(
    "change",
    [
        "- a list\n",
        "a: [\n",
        COPIER_YML.replace("_subdirectory", "_sub"),
        COPIER_YML.replace("templates/{{ framework }}", "templates/../.."),
        COPIER_YML.replace("templates/{{ framework }}", "{{ nothing }}"),
        COPIER_YML.replace('  - "__pycache__"', "  - 7"),
    ],
)
def test_what_cannot_be_taken_apart_has_no_stage(
    template: Path, tmp_path: Path, change: str
) -> None:
    write_tree(template, {"copier.yml": change})
    with pytest.raises(NoStageError):
        staged(template, tmp_path / "stage")


def test_a_destination_that_is_there_is_never_removed(
    renderer: Renderer, template: Path, tmp_path: Path
) -> None:
    write_tree(template, {"templates/one/broken.jinja": "{{ nothing }}"})
    write_tree(tmp_path / "own", {"mine.txt": "mine\n"})
    with pytest.raises(RenderError, match="'nothing' is undefined"):
        renderer.render(template, tmp_path / "own", VALUES)
    assert (tmp_path / "own/mine.txt").read_text() == "mine\n"
