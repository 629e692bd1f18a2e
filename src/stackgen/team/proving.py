"""A standard tried out: rendered over a covering set of projects, and what breaks is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from stackgen import foreign_json, foreign_python, foreign_toml
from stackgen.changes.staging import temporary_directory
from stackgen.errors import OptionError, StandardError
from stackgen.progress import step
from stackgen.project.folder import find_folder
from stackgen.project.installation import Installation, load_installation
from stackgen.project.preset import Preset
from stackgen.team.covering import Row, covering_set
from stackgen.team.edition import Edition, read_draft
from stackgen.team.fitting import fit_standard
from stackgen.team.jinja import Jinja
from stackgen.team.overlay import lay_over, render_files
from stackgen.team.rules import Facts, check_rules
from stackgen.template.option import shown
from stackgen.template.rendering import Renderer


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that breaks, and the first project in which it does.

    Attributes:
        text: What.
        framework: The framework of that project.
        options: Its options that a person may choose, as they would write them.
    """

    text: str
    framework: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of a standard that was tried out.

    Attributes:
        name: What the standard is called.
        projects: How many projects were made with it.
        problems: What breaks, each once.
        warnings: What to look at, a sentence each.
    """

    name: str
    projects: int
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]


def prove_standard(folder: Path) -> Proof:
    """Make projects with a standard, as its folder is now, and look at each; none is kept.

    Args:
        folder: The root of the standard; what is not committed counts.

    Raises:
        ProjectError: It is no folder.
        StandardError: It is no standard, or does not fit this stackgen.
        RenderError: There is no place to render in, or nothing to render with.
    """
    edition = read_draft(find_folder(folder, "Name the folder of a standard."))
    installation = load_installation()
    preset = fit_standard(edition, installation)
    bound = preset.bounds.get("framework")
    frameworks = bound.allowed if bound else installation.options.frameworks
    with temporary_directory() as private, Renderer() as renderer, Jinja() as jinja:
        trial = _Trial(edition, installation, private, renderer, jinja)
        for framework in frameworks:
            trial.try_framework(str(framework), preset)
    return Proof(
        name=edition.standard.name,
        projects=trial.projects,
        problems=tuple(trial.problems.values()),
        warnings=tuple(_warnings(edition, trial.dropped)),
    )


def _warnings(edition: Edition, dropped: set[str]) -> Iterator[str]:
    standard = edition.standard
    rules = [
        *((f"options.{name}", rule) for name, rule in standard.options.items()),
        *((f"answers.{name}", rule) for name, rule in standard.answers.items()),
    ]
    for id_, rule in rules:
        if rule.until and rule.until < date.today():  # noqa: DTZ011 - the person's own day
            yield (
                f"`{id_}` was to be looked at again by {rule.until.isoformat()}, and still holds."
            )
    for path in standard.drop:
        if path.path not in dropped:
            yield f"`files.drop` names `{path.path}`, which the template has in none of them."


class _Trial:
    """Projects made one after another; each problem counts once."""

    def __init__(
        self,
        edition: Edition,
        installation: Installation,
        folder: Path,
        renderer: Renderer,
        jinja: Jinja,
    ) -> None:
        self.projects = 0
        self.problems: dict[str, Problem] = {}
        self.dropped: set[str] = set()
        self._edition = edition
        self._options = installation.options
        self._installation = installation
        self._folder = folder
        self._renderer = renderer
        self._jinja = jinja

    def try_framework(self, framework: str, preset: Preset) -> None:
        """Try a covering set of one framework."""
        try:
            for row in covering_set(preset, self._installation, framework):
                with step(f"Making project {self.projects + 1}, with {framework}"):
                    self._try(row)
        except (OptionError, StandardError) as error:
            self._add(str(error), {"framework": framework})

    def _try(self, values: Row) -> None:
        self.projects += 1
        project = self._folder / f"project-{self.projects}"
        self._renderer.render(self._options.template, project, values)
        drop = self._edition.standard.drop
        self.dropped |= {rule.path for rule in drop if (project / rule.path).exists()}
        try:
            lay_over(self._edition, project, values, options=self._options, jinja=self._jinja)
            contents = render_files(self._edition, values, options=self._options, jinja=self._jinja)
        except StandardError as error:
            self._add(str(error), values)
            return
        for path in contents:
            if said := _malformed(path, (project / path).read_bytes()):
                self._add(said, values)
        facts = Facts(
            framework=str(values["framework"]),
            options=values,
            open=frozenset(
                name
                for name in self._options.settable
                if self._options.is_open(name, str(values["framework"]))
            ),
            files={path: content for path, (content, _) in contents.items()},
        )
        for result in check_rules(self._edition, project, facts):
            if result.state == "failed" and not result.id.startswith("answers."):
                self._add(f"`{result.id}`: {result.detail}", values)

    def _add(self, text: str, values: Mapping[str, Any]) -> None:
        settable = self._options.settable
        options = {
            name: shown(value)
            for name, value in values.items()
            if name in settable and settable[name].allowed and name != "framework"
        }
        framework = str(values["framework"])
        problem = Problem(text=text, framework=framework, options=options)
        self.problems.setdefault(text, problem)


def _malformed(path: str, content: bytes) -> str:
    """Return why a file cannot be what its name says; empty where it can."""
    readers: Mapping[str, Callable[[str], object]] = {
        ".py": foreign_python.parse,
        ".toml": foreign_toml.loads,
        ".json": foreign_json.loads,
        ".yml": _read_yaml,
        ".yaml": _read_yaml,
    }
    read = readers.get(Path(path).suffix)
    if read is None:
        return ""
    try:
        read(content.decode())
    except (ArithmeticError, ValueError, RecursionError, yaml.YAMLError) as error:
        said = " ".join(str(error).split()).rstrip(".")
        return f"`{path}` cannot be read: {said}."
    return ""


def _read_yaml(text: str) -> None:
    for _ in yaml.parse(text, Loader=yaml.SafeLoader):
        pass  # That it can be parsed is all: other programs know its tags.
