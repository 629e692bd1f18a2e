"""What of a template Copier need not see: files without Jinja, which are copied as they are.

Copier spends milliseconds on each file, whether it has anything to render or not: it makes Jinja
templates of the parts of its path, and renders the name of the answers file for every one of them.
So it is handed a stage: the template without those files. They follow afterwards, by the patterns
of `_exclude` as Copier itself rendered them, which the stage asks for with a file of its own.

A template of another shape than stackgen's own has no stage, and Copier takes it whole.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from stackgen.template.yaml_text import load_yaml

PARTIALS = "shared"
"""The folder beside the trees whose files are included, and never rendered on their own."""

SUFFIX = ".jinja"
"""Of files that Copier renders."""

_ANSWERS_FILE = ".copier-answers.yml"
_PATTERNS = ".stackgen-excluded"

# Where one of these is set, Copier may tell files apart by other rules than those kept here.
_OTHER_RULES = frozenset({"_answers_file", "_preserve_symlinks", "_templates_suffix"})
_KNOWN_ENVOPS = frozenset({"keep_trailing_newline", "lstrip_blocks", "trim_blocks", "undefined"})


class NoStageError(Exception):
    """The template is not of the shape that can be taken apart."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A template without the files that have no Jinja, and what is left to copy.

    Attributes:
        root: The folder for Copier.
        template: The whole template.
        tree: The folder within it that becomes the project.
        folders: Folders of the tree, relative with `/`; each comes before those in it.
        files: Its files without Jinja, relative with `/`.
    """

    root: Path
    template: Path
    tree: Path
    folders: tuple[str, ...]
    files: tuple[str, ...]

    def complete(self, project: Path) -> None:
        """Copy what is left into the project that Copier rendered from the stage.

        Raises:
            NoStageError: The template leaves out the file that tells what it leaves out.
            OSError: A file cannot be read or written.
        """
        is_excluded = _matcher(project / _PATTERNS)
        for folder in self.folders:
            if not is_excluded(folder):
                (project / folder).mkdir(parents=True, exist_ok=True)
        for name in self.files:
            if not is_excluded(name):
                copy(self.tree / name, project / name)


def make_stage(template: Path, values: Mapping[str, Any], root: Path) -> Stage:
    """Make the stage of a template in an empty folder.

    Args:
        template: The folder that holds `copier.yml` and `templates/`.
        values: A value for every option that is recorded.
        root: The folder to make it in.

    Raises:
        NoStageError: The template has another shape, or is broken; Copier knows what to say.
        OSError: A file cannot be read or written.
    """
    settings = settings_of(template / "copier.yml")
    tree = template / subdirectory_of(settings, values)
    if ".." in tree.parts or template not in tree.parent.parents:
        raise NoStageError
    folders, files = _named(*entries(tree), settings, template, values)
    shutil.copyfile(template / "copier.yml", root / "copier.yml")
    staged = root / tree.relative_to(template)
    staged.mkdir(parents=True)
    if (partials := tree.with_name(PARTIALS)).is_dir():
        entries(partials)
        shutil.copytree(partials, staged.with_name(PARTIALS), copy_function=shutil.copyfile)
    for name in filter(_has_jinja, folders):
        (staged / name).mkdir(parents=True, exist_ok=True)
    verbatim = []
    for name in files:
        if _has_jinja(name):
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            copy(tree / name, staged / name)
        elif not _is_replaced(name, tree, template):
            verbatim.append(name)
    _ask_for_patterns(settings.get("_exclude", []), staged / f"{_PATTERNS}{SUFFIX}")
    return Stage(
        root=root,
        template=template,
        tree=tree,
        folders=tuple(
            name for name in folders if not (_has_jinja(name) or _is_replaced(name, tree, template))
        ),
        files=tuple(verbatim),
    )


def settings_of(path: Path) -> Mapping[str, Any]:
    """Return what a `copier.yml` holds.

    Raises:
        NoStageError: It is not of the shape that can be taken apart.
        OSError: It cannot be read.
    """
    try:
        settings = load_yaml(path.read_bytes())
    except yaml.YAMLError as error:
        raise NoStageError from error
    if not isinstance(settings, Mapping) or not settings.keys().isdisjoint(_OTHER_RULES):
        raise NoStageError
    if not (settings.get("_envops") or {}).keys() <= _KNOWN_ENVOPS:
        raise NoStageError
    return settings


def subdirectory_of(settings: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return the folder within the template that becomes the project.

    Raises:
        NoStageError: It cannot be told.
    """
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined)
    try:
        return environment.from_string(str(settings.get("_subdirectory", ""))).render(values)
    except jinja2.TemplateError as error:
        raise NoStageError from error


def entries(folder: Path) -> tuple[list[str], list[str]]:
    """Return the folders and the files below a folder, relative with `/`, each folder first.

    Raises:
        NoStageError: There is something else, such as a symbolic link.
        OSError: It cannot be read.
    """
    folders: list[str] = []
    files: list[str] = []

    def walk(place: str, prefix: str) -> None:
        with os.scandir(place) as found:
            for entry in sorted(found, key=lambda entry: entry.name):
                name = f"{prefix}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    folders.append(name)
                    walk(entry.path, f"{name}/")
                elif entry.is_file(follow_symlinks=False):
                    files.append(name)
                else:  # Copier follows a link, but not out of the template.
                    raise NoStageError

    walk(str(folder), "")
    return folders, files


def _named(
    folders: list[str],
    files: list[str],
    settings: Mapping[str, Any],
    template: Path,
    values: Mapping[str, Any],
) -> tuple[list[str], list[str]]:
    """Leave out folders whose computed name is empty, and all in them, as Copier does."""
    if not any("{" in folder for folder in folders):
        return folders, files
    from jinja2 import TemplateError

    from stackgen.template.needs import Needs, UnknownNeedsError

    needs = Needs(template, values)

    def is_named(folder: str) -> bool:
        name = folder.rpartition("/")[2]
        if "{" not in name:
            return True
        try:
            computed = {
                each: needs.rendered(str(settings[each]["default"]), values)
                for each in needs.of(name)
                if each not in values
            }
            return needs.rendered(name, {**values, **computed}) != ""
        except (KeyError, TypeError, TemplateError, UnknownNeedsError):
            return True  # Copier knows what to say.

    nameless = tuple(f"{folder}/" for folder in folders if not is_named(folder))
    return (
        [folder for folder in folders if not f"{folder}/".startswith(nameless)],
        [name for name in files if not name.startswith(nameless)],
    )


def _has_jinja(name: str) -> bool:
    """Tell whether Copier makes something else of a file or its name than what there is.

    Raises:
        NoStageError: It makes several.
    """
    if "{" in name and "yield" in name:
        raise NoStageError
    if name.endswith(SUFFIX) or "{" in name or not name.isprintable():
        return True
    return _ANSWERS_FILE in name.split("/")


def _is_replaced(name: str, tree: Path, template: Path) -> bool:
    """Tell whether a file with the suffix stands for this one, in the tree or, in Copier, above."""
    return any(os.path.lexists(f"{place}/{name}{SUFFIX}") for place in (tree, template))


def _ask_for_patterns(patterns: Any, path: Path) -> None:
    if not (isinstance(patterns, list) and all(isinstance(each, str) for each in patterns)):
        raise NoStageError
    # An empty line between them: Jinja takes the end of a line after a block.
    text = "\n\n".join(["{% set _copier_operation = 'copy' %}", *patterns, ""])
    path.write_text(text, encoding="utf-8")


def _matcher(rendered: Path) -> Callable[[str], bool]:
    try:
        patterns = rendered.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        raise NoStageError from error
    rendered.unlink()
    return matcher(patterns)


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells whether a path is excluded, by the rules of Copier.

    Args:
        patterns: Those of `_exclude`, as they were rendered.
    """
    from pathspec import PathSpec

    # Copier has no public way to ask it. These two lines are its `Worker._path_matcher`.
    normal = (normalize("NFD", pattern) for pattern in patterns)
    return PathSpec.from_lines("gitignore", normal).match_file


def copy(source: Path, target: Path) -> None:
    """Copy a file, with the mode that a new file has here: executable where the source is so.

    Raises:
        OSError: It cannot be read, or there is one already.
    """
    mode = 0o777 if source.stat().st_mode & 0o111 else 0o666
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(source.read_bytes())
