"""What every rendered project must be, whichever options were chosen."""

from __future__ import annotations

import ast
import configparser
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from option_matrix import (
    COMBINATIONS,
    DEFAULTS,
    HOSTILES,
    MARK,
    NASTY,
    NASTY_EMAIL,
    NASTY_TITLE,
    OPTIONS,
    PLAIN,
    REFUSED,
    Answers,
    in_suites,
    label,
)
from pytest_copie.plugin import Result
from rendering import MatchesSnapshot, Project, Render

from stackgen.template.rendering import Renderer

MAY_BE_EMPTY = {"__init__.py", "py.typed"}
BINARY = {".gif", ".ico", ".jpg", ".png", ".webp", ".woff2"}
VOID = set(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


@pytest.fixture(scope="session", params=in_suites(COMBINATIONS), ids=label)
def project(request: pytest.FixtureRequest, render: Render) -> Project:
    return render(request.param)


def text_files(project: Project) -> Iterator[tuple[str, str]]:
    for name in project.files:
        if PurePosixPath(name).suffix not in BINARY:
            yield name, project.read(name)


def is_project_template(name: str) -> bool:
    """Whether an engine of the project renders the file, or a framework in the browser."""
    in_browser = name.startswith("frontend/src/") and name.endswith((".html", ".ts", ".vue"))
    in_place = name.endswith(".mako") or name == "tests/test_fragments.py"
    return in_browser or in_place or "templates" in PurePosixPath(name).parts


# --- every combination ---------------------------------------------------------------------


def test_recorded_answers_are_those_given(project: Project) -> None:
    recorded = yaml.safe_load(project.read(".copier-answers.yml"))
    options = {name for name, option in OPTIONS.by_id.items() if not option.computed}
    assert options == {name for name in recorded if not name.startswith("_")}
    assert {name: recorded[name] for name in project.answers} == dict(project.answers)


def test_every_file_parses(project: Project) -> None:
    for name, text in text_files(project):
        parse = PARSERS.get(PurePosixPath(name).suffix)
        if parse is not None and not (is_project_template(name) and "{" in text):
            try:
                parse(text)
            except Exception as error:  # noqa: BLE001 - whatever a parser raises, with the name
                pytest.fail(f"{name}: {error}")


def test_text_is_tidy(project: Project) -> None:
    faults = []
    for name, text in text_files(project):
        file = PurePosixPath(name).name
        if not text:
            faults += [] if file in MAY_BE_EMPTY else [f"{name}: empty"]
            continue
        if not text.endswith("\n") or text.endswith("\n\n"):
            faults.append(f"{name}: does not end with one newline")
        if "\r" in text:
            faults.append(f"{name}: carriage return")
        faults += [
            f"{name}:{number}: trailing space"
            for number, line in enumerate(text.split("\n"), 1)
            if line != line.rstrip()
        ]
        if "\n\n\n" in text and not (name.endswith(".py") or is_project_template(name)):
            faults.append(f"{name}: several blank lines in a row")
        if text.startswith("\n") and name != "LICENSE":
            faults.append(f"{name}: starts with a blank line")
    assert faults == []


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def test_stackgen_renders_what_copier_copies(
    project: Project, renderer: Renderer, template: Path, tmp_path: Path
) -> None:
    """Every project here is of Copier's own making, as `copier copy` makes it."""
    record = ".copier-answers.yml"
    values = {name: value for name, value in project.answers.items() if name[0] != "_"}
    renderer.render(template, tmp_path / project.path.name, values)
    own, theirs = (tree(path) for path in (tmp_path / project.path.name, project.path))
    answers = [yaml.safe_load(made.pop(record)[1]) for made in (own, theirs)]
    assert own == theirs
    assert {**answers[0], "_src_path": None} == {**answers[1], "_src_path": None}


def test_names_are_final(project: Project) -> None:
    assert [name for name in project.files if name.endswith(".jinja")] == []
    assert [name for name in project.files if re.search(r"[{}%]|__pycache__|\.pyc$", name)] == []
    empty = [path for path in project.path.rglob("*") if path.is_dir() and not any(path.iterdir())]
    assert empty == []
    assert [path for path in project.path.rglob("*") if path.is_symlink()] == []


def test_nothing_of_the_template_is_left(project: Project) -> None:
    faults = []
    for name, text in text_files(project):
        # What a person wrote is kept as it is; expressions of workflows belong to GitHub.
        rest = "\n".join(line for line in text.split("\n") if MARK not in line)
        rest = re.sub(r"\$\{\{.*?\}\}", "", rest)
        # README shows what a template of the project may say.
        rest = re.sub(r'nonce="\{\{ \w+(?:\(\))? \}\}"', "", rest)
        rest = rest.replace("{% extends layout %}", "")
        # What a title may be that does harm where it is rendered.
        rest = rest.replace("{{ 1 }}", "")
        if is_project_template(name):
            leftovers = re.findall(r"\{\{[^}]*\b(?:_copier\w*|project_name|author_\w+)\b", rest)
        else:
            leftovers = re.findall(r"\{\{|\{%|\{#", rest)
        faults += [f"{name}: {found}" for found in leftovers]
    assert faults == []


def test_no_unfinished_work(project: Project) -> None:
    pattern = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|lorem ipsum)\b", re.IGNORECASE)
    assert [name for name, text in text_files(project) if pattern.search(text)] == []


def test_sample_environment_names_no_value(project: Project) -> None:
    """A line is a comment, or a secret to be made: an empty value."""
    lines = project.read(".env.example").splitlines()
    wrong = [line for line in lines if line and not re.fullmatch(r"#.*|[A-Z][A-Z0-9_]*=", line)]
    assert wrong == []
    # Flask needs no secret where nothing is signed.
    needs_none = (
        project.answers["framework"] == "flask" and project.answers.get("frontend") == "none"
    )
    assert ("SECRET_KEY=" in lines) is not needs_none


@pytest.mark.parametrize("command", [["format", "--check"], ["check"]], ids=" ".join)
def test_ruff_is_content(project: Project, command: list[str]) -> None:
    """With the project's own configuration: no developer starts with a diff."""
    run = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", "--quiet", "."],
        cwd=project.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_documents_name_existing_files(project: Project) -> None:
    """A path between backticks that looks like a file of the project is one."""
    path = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|html|css|md|toml|yml))`")
    missing = [
        f"{name}: {found}"
        for name, text in text_files(project)
        if name.endswith(".md")
        for found in path.findall(text)
        if not (project.path / found).exists()
    ]
    assert missing == []


def test_readme_ends_alike_in_all_projects(project: Project) -> None:
    """Who adds a chapter adds it there: a change of an option must not conflict with that."""
    assert project.read("README.md").endswith(
        "\n\n`stackgen status` says whether this project lags behind its template, and "
        "`stackgen update` merges what is new into it;\n"
        "your changes are kept. The answers are in `.copier-answers.yml`.\n"
    )


# --- free text -----------------------------------------------------------------------------


@pytest.fixture(params=HOSTILES.values(), ids=HOSTILES.keys())
def hostile(request: pytest.FixtureRequest, render: Render) -> Project:
    return render(request.param)


def test_free_text_survives_exactly(hostile: Project) -> None:
    kept = {NASTY, NASTY_EMAIL, NASTY_TITLE, f"# {NASTY_TITLE}"}
    reached = set()
    for name, text in text_files(hostile):
        if MARK not in text:
            continue
        reached.add(name)
        assert not is_project_template(name), f"{name}: the project's engine would run free text"
        found = [value for value in TEXTS[kind(name)](text) if MARK in value]
        assert found, f"{name}: free text outside of any value"
        wrong = [value for value in found if value not in kept and not sentence(value)]
        assert wrong == [], name
    assert {".copier-answers.yml", "LICENSE", "README.md", "pyproject.toml"} <= reached


def sentence(value: str) -> bool:
    """Whether a line of plain text holds the author whole, as that of a licence does."""
    return re.fullmatch(r"\s*Copyright (?:\(c\) )?\d{4},? .*", value) is not None and NASTY in value


def kind(name: str) -> str:
    path = PurePosixPath(name)
    return path.suffix if path.suffix in TEXTS else path.name


def test_project_metadata_is_exact(hostile: Project) -> None:
    metadata = tomllib.loads(hostile.read("pyproject.toml"))["project"]
    assert metadata["description"] == NASTY
    texts = [value for author in metadata.get("authors", []) for value in author.values()]
    assert set(texts) <= {NASTY, NASTY_EMAIL}


def test_readme_holds_the_description_on_its_own_line(hostile: Project) -> None:
    assert hostile.read("README.md").split("\n").count(NASTY) == 1


# --- refusals and determinism --------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "said"), REFUSED, ids=[label(answers) for answers, _ in REFUSED]
)
def test_refused_values_are_refused(
    try_render: Callable[[Answers], Result], answers: Answers, said: str
) -> None:
    result = try_render(answers)
    assert isinstance(result.exception, ValueError)
    assert said in " ".join(str(result.exception).split())


def tree(path: Path) -> dict[str, tuple[int, bytes]]:
    return {
        file.relative_to(path).as_posix(): (file.stat().st_mode, file.read_bytes())
        for file in path.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_same_answers_give_same_bytes(
    render: Render, try_render: Callable[[Answers], Result], framework: str
) -> None:
    again = try_render(DEFAULTS[framework])
    assert again.project_dir is not None
    assert tree(again.project_dir) == tree(render(DEFAULTS[framework]).path)


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_the_year_is_the_only_date(render: Render, framework: str) -> None:
    base, later = PLAIN["year"], 2097
    then = tree(render(DEFAULTS[framework] | {"year": later}).path)
    now = tree(render(DEFAULTS[framework]).path)
    back = {
        name: (mode, content.replace(str(later).encode(), str(base).encode()))
        for name, (mode, content) in then.items()
    }
    assert back == now
    assert [name for name in now if now[name] != then[name]] == [
        name for name in now if str(later).encode() in then[name][1]
    ]


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_list_of_files(render: Render, framework: str, matches_snapshot: MatchesSnapshot) -> None:
    """The files of a project made with the defaults, so that a change shows in review."""
    files = "".join(f"{name}\n" for name in render(DEFAULTS[framework]).files)
    matches_snapshot(f"{framework}.txt", files)


# --- parsers -------------------------------------------------------------------------------


class StrictHTML(HTMLParser):
    """Refuses elements that are not closed in order; collects every text and attribute value."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for _, value in attrs if value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.texts += [value for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"line {self.getpos()[0]}: </{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def parse_html(text: str) -> list[str]:
    parser = StrictHTML()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise ValueError(f"<{parser.open[-1]}> is not closed")
    return parser.texts


def parse_ini(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return parser


PARSERS: dict[str, Callable[[str], Any]] = {
    ".cfg": parse_ini,
    ".html": parse_html,
    ".ini": parse_ini,
    ".json": json.loads,
    ".py": lambda text: compile(text, "rendered", "exec", dont_inherit=True),
    ".svg": ET.fromstring,
    ".toml": tomllib.loads,
    ".yaml": yaml.safe_load,
    ".yml": yaml.safe_load,
}


def strings(value: Any) -> list[str]:
    """Every text in parsed data, keys included."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def python_strings(text: str) -> list[str]:
    return [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


TEXTS: dict[str, Callable[[str], list[str]]] = {
    ".html": parse_html,
    ".json": lambda text: strings(json.loads(text)),
    ".md": lambda text: text.split("\n"),
    ".py": python_strings,
    ".toml": lambda text: strings(tomllib.loads(text)),
    ".yaml": lambda text: strings(yaml.safe_load(text)),
    ".yml": lambda text: strings(yaml.safe_load(text)),
    "LICENSE": lambda text: text.split("\n"),
}
