"""A new project: rendered beside its destination, then moved there whole, or into its folder."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen import foreign_toml, signals
from stackgen.changes.files import is_directory
from stackgen.changes.staging import staging_directory
from stackgen.errors import DestinationError, RenderError, StandardError
from stackgen.git import available
from stackgen.progress import step
from stackgen.project import dotenv
from stackgen.project.destination import absolute_path, check_destination, check_name
from stackgen.project.existing import ExistingFile, Way, check_way
from stackgen.project.filling import check_repository, fill, move_back
from stackgen.project.fitting import Fitted, fit, list_files
from stackgen.project.kept import README, README_BESIDE
from stackgen.project.repository import GitState, Repository, left_alone, make_repository
from stackgen.template import source
from stackgen.template.rendering import Renderer, render, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A project that was made, or with `dry_run` would be.

    Attributes:
        path: Its absolute path.
        paths: Its files, relative with `/`, sorted, without those of git.
        git: What became of git.
        existing: The files that were there and that it has as well, and what became of each.
        licence: The licence that stays although `license` says otherwise; empty where none does.
        env_ignored: Whether a `.gitignore` was kept, but for a line that makes it ignore `.env`.
    """

    path: Path
    paths: tuple[str, ...]
    git: GitState
    existing: tuple[ExistingFile, ...] = ()
    licence: str = ""
    env_ignored: bool = False

    @property
    def repository(self) -> Repository:
        """What became of git, in a word."""
        return self.git.repository

    @property
    def readme(self) -> str:
        """The README that the template brought; not always the one that a reader opens first."""
        return README_BESIDE if README_BESIDE in self.paths else README


def generate(  # noqa: PLR0913 - what a face may ask for
    destination: Path,
    values: Mapping[str, Any],
    *,
    template: Path | None = None,
    with_git: bool = True,
    dry_run: bool = False,
    existing: str | None = None,
    renderer: Renderer | None = None,
    extend: Callable[[Path], None] | None = None,
    check: Callable[[Path], None] | None = None,
) -> Generated:
    """Make a project: the destination is complete in the end, or as it was.

    Args:
        destination: Where it goes: a path that does not exist, an empty directory, or one that
            holds no more than a repository and files such as a README.
        values: Resolved options, as `Options.resolve` gives them.
        template: The template folder; this installation's own unless given.
        with_git: Commit it: to a new repository, or to the one whose root the destination is. In
            one that it only lies in, nothing is done.
        dry_run: Write nothing there; say what would be.
        existing: What is to become of files that are there: `keep`, `replace` or `merge`.
        renderer: What renders it; one of its own unless given.
        extend: Adds to what was rendered, as a team's standard does.
        check: Looks at the project before it is put in its place; what it raises refuses it.

    Raises:
        DestinationError: The destination cannot be used; nothing was written. An
            `ExistingFilesError` where it must be said what is to become of files that are there.
        ProjectError: git is in the middle of something there; nothing was written.
        StandardError: What `extend` adds does not fit; nothing was written.
        RenderError: It failed while working; nothing was kept.
    """
    way = check_way(existing)
    move_back(absolute_path(destination))
    path = check_destination(destination)
    template = template or source.template_root()

    def draft(project: Path) -> None:
        with step("Rendering the project"):
            (renderer.render if renderer else render)(template, project, values)
        stamp(project, url=source.PUBLIC_URLS[0], tag=source.tag())
        if extend:
            extend(project)
        _check_dependencies(project, str(values["project_name"]))
        dotenv.write(project)
        if check:
            check(project)

    try:
        if dry_run:
            return _planned(path, draft, way, with_git=with_git)
        if is_directory(path):
            filled = fill(path, draft, way, with_git=with_git)
            return _generated(path, filled.fitted, filled.state)
        return _made(path, draft, with_git=with_git)
    except OSError as error:
        raise RenderError(
            f"`{path}` cannot be made: {error.strerror or error}. Nothing was kept."
        ) from error


def _planned(
    path: Path, draft: Callable[[Path], None], way: Way | None, *, with_git: bool
) -> Generated:
    """Render a project where the system keeps temporary files, and say what would be made."""
    if with_git:
        check_repository(path)
    with _staging(Path(tempfile.gettempdir()), path.name) as stage:
        project = stage / path.name
        draft(project)
        if is_directory(path):
            fitted = fit(path, project, way)
        else:
            files = tuple(list_files(project))
            fitted = Fitted(paths=files, coming=files)
        return _generated(path, fitted, left_alone(path))


def _made(path: Path, draft: Callable[[Path], None], *, with_git: bool) -> Generated:
    """Make a project in a place where there is nothing."""
    with _staging(path.parent, path.name) as stage:
        project = stage / path.name
        draft(project)
        files = tuple(list_files(project))
        state = left_alone(path)
        with step("Making the git repository"):
            if with_git and available() and not state.root:
                state = make_repository(project)
        with signals.finishing(f"`{path}` is made."):
            _move(project, path)
        return _generated(path, Fitted(paths=files, coming=files), state)


def _generated(path: Path, fitted: Fitted, state: GitState) -> Generated:
    return Generated(
        path=path,
        paths=fitted.paths,
        git=state,
        existing=fitted.existing,
        licence=fitted.licence,
        env_ignored=fitted.env_ignored,
    )


@contextlib.contextmanager
def _staging(parent: Path, name: str) -> Iterator[Path]:
    """Make a private directory beside the destination, on the same file system for the rename."""
    with contextlib.ExitStack() as stack:
        try:
            stage = stack.enter_context(staging_directory(parent, f".{name}."))
        except OSError as error:
            raise DestinationError(
                f"`{parent}` cannot be written to: {error.strerror}. Choose another place."
            ) from error
        yield stage


def _move(project: Path, path: Path) -> None:
    try:
        project.rename(path)  # Whatever came in the way meanwhile, unless it is empty, refuses.
    except OSError as error:
        raise RenderError(
            f"`{path}` cannot be put in its place: {error.strerror}. Nothing was kept."
        ) from error


def _check_dependencies(project: Path, name: str) -> None:
    """Refuse a name that pip would take for one of the project's own dependencies."""
    path = project / "pyproject.toml"
    if not path.is_file():
        return
    try:
        document = foreign_toml.loads(path.read_text("utf-8"))
        metadata = document["project"]
        requirements = [*document["build-system"]["requires"], *metadata.get("dependencies", [])]
        for extra in metadata.get("optional-dependencies", {}).values():
            requirements += extra
        names = {re.split(r"[^A-Za-z0-9._-]", text)[0] for text in requirements}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise StandardError(
            f"`{path.name}` is not what Python's packaging wants, as the standard makes it: "
            f"{error}. Nothing was kept."
        ) from error
    check_name(name, names)
