"""Renders that have most in common: what comes out the same for two projects is made once.

Projects of one version that took the same choices differ in what people typed: names, a
description, an author. A file whose template speaks of none of these, in itself or in what it
includes, is the same in all of them. So the first such render is kept, and Copier is handed a stage
with the other files alone; what is left is copied.

A file is made anew wherever it cannot be told what it speaks of, and a template of another shape
is not shared at all.
"""

from __future__ import annotations

import json
import shutil
from collections import OrderedDict
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stackgen.template.needs import Needs, UnknownNeedsError
from stackgen.template.verbatim import (
    PARTIALS,
    SUFFIX,
    NoStageError,
    Stage,
    copy,
    entries,
    settings_of,
    subdirectory_of,
)

RunCopier = Callable[[Path, Path, Mapping[str, Any]], None]

_MOST = 12
"""How many renders are kept: those of a few versions and choices. Each takes a megabyte of disk."""

_COMPUTED = ".stackgen-computed"
_ANSWERS_FILE = ".copier-answers.yml"
_ANSWERS_NAME = "{{ _copier_conf.answers_file }}"

# What only says how a question is asked, or refuses values that were checked already.
_ASKING = frozenset({"choices", "help", "placeholder", "validator"})


@dataclass(slots=True)
class _Kept:
    """A render that others take files from.

    Attributes:
        project: A copy of it.
        computed: The values that the template computed for it.
        stage: The template of what is made anew for each project; none until there is a second one.
        folders: Folders of every such project, each before those in it.
        files: The files that all of them share.
    """

    project: Path
    computed: Mapping[str, Any]
    stage: Path | None = None
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    data: Mapping[str, Any] | None = None


class Shelf:
    """The renders that one process keeps."""

    def __init__(self, folder: Path, run_copier: RunCopier) -> None:
        """Keep nothing yet.

        Args:
            folder: Where they are kept; it is made.
            run_copier: Renders a template folder as Copier does.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._run = folder, run_copier
        self._kept: OrderedDict[str, _Kept | None] = OrderedDict()
        self._settings: dict[Path, Mapping[str, Any]] = {}
        self._number = 0

    def render(self, template: Path, destination: Path, values: Mapping[str, Any]) -> bool:
        """Render a project with the help of one that is kept; return whether that was possible.

        Args:
            template: The folder that holds `copier.yml` and `templates/`.
            destination: The directory to make.
            values: A value for every option that is recorded.
        """
        settings = self._settings_of(template)
        key = _key(template, settings, values)
        kept = self._kept.get(key)
        if kept is None:
            return False
        try:
            self._complete(kept, template, settings, destination, values)
        except Exception:  # noqa: BLE001 - whatever it was, a render without help tells
            self._kept[key] = None
            shutil.rmtree(destination, ignore_errors=True)
            return False
        self._kept.move_to_end(key)
        return True

    def ask(self, stage: Stage) -> None:
        """Let a render tell what the template computed."""
        settings = self._settings_of(stage.template)
        names = ", ".join(f"'{name}': {name}" for name in _computed(settings))
        # As a text as well, so that a value is noticed that JSON does not give back as it was.
        # Jinja's own filter for JSON would sort the keys.
        text = f"{{% set found = {{{names}}} %}}{{{{ [found, found | string] | to_json }}}}"
        tree = stage.root / stage.tree.relative_to(stage.template)
        (tree / f"{_COMPUTED}{SUFFIX}").write_text(text, encoding="utf-8")

    def keep(self, template: Path, project: Path, values: Mapping[str, Any]) -> None:
        """Keep a render that told what the template computed."""
        told = project / _COMPUTED
        if not told.is_file():
            return
        computed, text = json.loads(told.read_text("utf-8"))
        told.unlink()
        key = _key(template, self._settings_of(template), values)
        if key in self._kept or str(computed) != text:
            return
        if len(self._kept) >= _MOST:
            _, oldest = self._kept.popitem(last=False)
            if oldest:
                shutil.rmtree(oldest.project.parent, ignore_errors=True)
        self._number += 1
        place = self._folder / str(self._number)
        place.mkdir()
        shutil.copytree(project, place / "project")
        self._kept[key] = _Kept(place / "project", computed)

    def _settings_of(self, template: Path) -> Mapping[str, Any]:
        if template not in self._settings:
            self._settings[template] = settings_of(template / "copier.yml")
        return self._settings[template]

    def _complete(
        self,
        kept: _Kept,
        template: Path,
        settings: Mapping[str, Any],
        destination: Path,
        values: Mapping[str, Any],
    ) -> None:
        if kept.stage is None:
            _make_stage(kept, template, settings, values)
        assert kept.stage  # noqa: S101 - for the type checker
        self._run(kept.stage, destination, {**values, **(kept.data or {})})
        for folder in kept.folders:
            (destination / folder).mkdir(exist_ok=True)
        for name in kept.files:
            copy(kept.project / name, destination / name)


def _make_stage(
    kept: _Kept, template: Path, settings: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Make the template of what differs between projects that share a render.

    Raises:
        NoStageError: It cannot be told.
        OSError: A file cannot be read or written.
    """
    varying = _varying(settings)
    fixed = {name: value for name, value in values.items() if name not in varying}
    needs = Needs(template, fixed)
    computed = _computed(settings)
    dependent = {
        name for name in computed if _differs(needs, str(settings[name].get("default")), varying)
    }
    changing = varying | dependent
    for text in (str(settings.get("_subdirectory", "")), *settings.get("_exclude", [])):
        if _differs(needs, text, changing):
            raise NoStageError
    constant = {name: kept.computed[name] for name in computed if name not in dependent}
    tree = template / subdirectory_of(settings, values)
    root = kept.project.with_name("stage")
    staged = root / tree.relative_to(template)
    staged.mkdir(parents=True)
    anew = set()
    for name in entries(tree)[1]:
        output = _output(name, needs, {**fixed, **constant}, changing)
        if not (kept.project / output).is_file() or not name.endswith(SUFFIX):
            continue
        if _differs(needs, (tree / name).read_text("utf-8"), changing):
            anew.add(output)
            target = name if output == _ANSWERS_FILE else f"{output}{SUFFIX}"
            (staged / target).parent.mkdir(parents=True, exist_ok=True)
            copy(tree / name, staged / target)
    if (partials := tree.with_name(PARTIALS)).is_dir():
        shutil.copytree(partials, staged.with_name(PARTIALS), copy_function=shutil.copyfile)
    reduced = yaml.safe_dump(_reduced(settings, set(constant)), sort_keys=False)
    (root / "copier.yml").write_text(reduced, encoding="utf-8")
    folders, files = entries(kept.project)
    kept.folders, kept.files = tuple(folders), tuple(name for name in files if name not in anew)
    kept.stage, kept.data = root, constant


def _differs(needs: Needs, text: str, changing: AbstractSet[str]) -> bool:
    """Whether what a template makes may differ with the values of these options."""
    try:
        names = needs.of(text)
    except UnknownNeedsError:
        return True
    # Of Copier's own values some differ from render to render.
    return not names.isdisjoint(changing) or any(name.startswith("_") for name in names)


def _output(name: str, needs: Needs, known: Mapping[str, Any], changing: AbstractSet[str]) -> str:
    """Return the path in the project of a file of the template; empty where it has none.

    Raises:
        NoStageError: It differs from project to project.
    """
    plain = name.removesuffix(SUFFIX)
    if plain == _ANSWERS_NAME:
        return _ANSWERS_FILE
    if "{" not in plain:
        return plain
    if _differs(needs, plain, changing):
        raise NoStageError
    output = needs.rendered(plain, known)
    return output if all(output.split("/")) else ""


def _reduced(settings: Mapping[str, Any], constant: AbstractSet[str]) -> Mapping[str, Any]:
    """Return the settings without what was decided for all projects that share a render."""
    reduced: dict[str, Any] = {}
    for name, entry in settings.items():
        if name.startswith("_"):
            reduced[name] = entry
        elif name not in constant:
            reduced[name] = {key: value for key, value in entry.items() if key not in _ASKING}
    return {**reduced, "_exclude": []}


def _computed(settings: Mapping[str, Any]) -> list[str]:
    """Return the options that are never given: the template computes them."""
    return [name for name, entry in _questions(settings).items() if entry.get("when") is False]


def _varying(settings: Mapping[str, Any]) -> frozenset[str]:
    """Return the options that people type in: of the others there are few values."""
    return frozenset(
        name
        for name, entry in _questions(settings).items()
        if not (entry.get("choices") or entry.get("type") == "bool" or entry.get("when") is False)
    )


def _questions(settings: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {
        name: entry
        for name, entry in settings.items()
        if not name.startswith("_") and isinstance(entry, Mapping)
    }


def _key(template: Path, settings: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return what two renders have in common that share files."""
    varying = _varying(settings)
    chosen = {name: value for name, value in values.items() if name not in varying}
    return json.dumps([str(template), sorted(chosen.items())], default=str)
