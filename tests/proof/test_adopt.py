"""Projects of the real template, of now and of releases: without a record they are found again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from option_matrix import HOSTILE, OPTIONS
from template_history import PERSON, commit, git

from stackgen.adoption.adopt import Adopted, adopt
from stackgen.advice.loading import load_questionnaire
from stackgen.advice.precedents import load_precedents
from stackgen.advice.recommendation import recommend
from stackgen.errors import OptionError
from stackgen.project.decision import record
from stackgen.project.record import open_project
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.loading import load_options
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE, render
from stackgen.template.timeline import Timeline
from stackgen.updating.applying import update

TEXTS = {
    "project_name": ("acme-shop", "web", "My_App2"),
    "title": ('The "big" shop & more', "Größe's", HOSTILE["title"]),
    "description": ("A shop for acme.", "Sells 'all' <here> & \\there", HOSTILE["description"]),
    "author_name": ("Ada Lovelace", 'O\'Hara & "Söhne"', HOSTILE["author_name"]),
    "author_email": ("ada@example.com", ""),
    "year": (2019, 2025),
}


class Made(NamedTuple):
    """A project that lost its record, and what that said."""

    path: Path
    tag: str
    values: Mapping[str, Any]
    files: frozenset[str]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    installed = source.installed()
    if installed.history is None:
        pytest.skip("needs a clone")
    return History(installed, tmp_path_factory.mktemp("history"))


@pytest.fixture(autouse=True)
def _person(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PERSON.items():
        monkeypatch.setenv(name, value)


def some_values(options: Options, framework: str, chance: random.Random) -> Mapping[str, Any]:
    """Values that go together, at random, with answers that the decision record lists."""
    questions = load_questionnaire().questions
    while True:
        given: dict[str, Any] = {
            name: option.parse(chance.choice(option.allowed))
            for name, option in options.settable.items()
            if option.allowed
        }
        given |= {name: chance.choice(TEXTS[name]) for name in TEXTS if name in options.settable}
        answers = {each.id: chance.choice(each.choices).id for each in questions}
        found = record(recommend(answers, load_questionnaire(), load_precedents()), framework)
        try:
            defaults = {"recommendation": chance.choice([found, None])}
            return options.resolve(given | {"framework": framework}, defaults=defaults).values
        except OptionError:
            continue


def make(folder: Path, history: History, tag: str, framework: str, chance: random.Random) -> Made:
    options = load_options(history.template(tag))
    values = some_values(options, framework, chance)
    project = folder / "project"
    render(options.template, project, values)
    (project / ANSWERS_FILE).unlink()
    git("init", "-q", "-b", "main", cwd=project)
    commit(project)
    listed = git("ls-files", "-z", cwd=project).split("\0")
    return Made(project, tag, values, frozenset(filter(None, listed)))


def assert_exact(made: Made, adopted: Adopted) -> None:
    """The render of what was found is the project, file for file; so are the options."""
    assert set(adopted.counts) == {"same"}
    assert {file.path for file in adopted.files} == made.files
    chosen = {name for name in adopted.options if OPTIONS.by_id[name].allowed}
    assert {name: adopted.options[name] for name in chosen} == {
        name: made.values[name] for name in chosen
    }
    assert adopted.options["project_name"] == made.values["project_name"]


def edit(made: Made, chance: random.Random) -> set[str]:
    """Put a line of one's own into a third of the files, and delete a few."""
    files = sorted(made.files - {"pyproject.toml", "README.md", "LICENSE"})
    chance.shuffle(files)
    for name in files[:4]:
        (made.path / name).unlink()
    own = set()
    for name in files[4 : 4 + len(files) // 3]:
        file = made.path / name
        lines = file.read_bytes().splitlines(keepends=True)
        if file.suffix in {".py", ".md"} and "migrations" not in name:
            lines.append(b"\n# mine\n")
            own.add(name)
            file.write_bytes(b"".join(lines))
    commit(made.path, "edits")
    return own


def check(tmp_path: Path, history: History, tag: str, framework: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    made = make(tmp_path, history, tag, framework, chance)
    assert_exact(made, adopt(made.path, dry_run=True))
    own = edit(made, chance)
    adopted = adopt(made.path, commit=True)
    chosen = {name for name in adopted.options if OPTIONS.by_id[name].allowed}
    assert {name: adopted.options[name] for name in chosen} == {
        name: made.values[name] for name in chosen
    }
    project = open_project(made.path, source.installed())
    assert (project.values.get("recommendation") or {}).get("answers") == (
        made.values.get("recommendation") or {}
    ).get("answers")
    if adopted.behind:
        updated = update(made.path)
        assert updated.from_tag == adopted.tag
        for name in own:
            assert b"# mine\n" in (made.path / name).read_bytes(), name


@pytest.mark.parametrize(
    ("release", "framework"),
    [
        pytest.param("v0.2.0", OPTIONS.frameworks[0], marks=pytest.mark.proof),
        pytest.param("v0.2.0", OPTIONS.frameworks[1], marks=pytest.mark.soak),
        pytest.param("", OPTIONS.frameworks[1], marks=pytest.mark.proof),
        pytest.param("", OPTIONS.frameworks[0], marks=pytest.mark.soak),
    ],
)
def test_projects_are_found_again_and_follow(
    tmp_path: Path, history: History, release: str, framework: str
) -> None:
    """An empty release is what is installed."""
    check(tmp_path, history, release or source.tag(), framework, seed=len(release))


@pytest.mark.proof
@pytest.mark.parametrize("framework", OPTIONS.frameworks)
@pytest.mark.parametrize("is_edited", [False, True])
def test_a_release_goes_before_a_commit_that_makes_the_same(
    tmp_path: Path, history: History, framework: str, is_edited: bool
) -> None:
    """Many commits before it have as many lines in common with the project."""
    options = load_options(history.template("v0.1.0"))
    project = tmp_path / "shop"
    values = options.resolve({"framework": framework, "project_name": "shop"}).values
    render(options.template, project, values)
    (project / ANSWERS_FILE).unlink()
    if is_edited:
        (project / "README.md").write_text("Mine\n")
    adopted = adopt(project, dry_run=True)
    assert adopted.counts["same"] == len(adopted.files) - is_edited
    same = {}
    for tag in ("v0.1.0", "v0.2.0"):
        options = load_options(history.template(tag))
        other = tmp_path / tag
        given = {name: values[name] for name in values if name in options.settable}
        render(options.template, other, options.resolve(given).values)
        same[tag] = all(
            (other / file.path).read_bytes() == (project / file.path).read_bytes()
            for file in adopted.files
            if file.state == "same"
        )
    assert adopted.tag == max(tag for tag in same if same[tag])


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_projects_of_any_version_are_found_again(
    tmp_path: Path, history: History, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    states = Timeline(source.installed(), history).states
    # Versions before the first release are not all whole templates.
    first = next(state.number for state in states if state.tag == "v0.1.0")
    tag = chance.choice(states[first:]).tag
    check(tmp_path, history, tag, chance.choice(OPTIONS.frameworks), seed)
