"""A new project: rendered in a staging directory, then moved into its place whole."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stackgen import git
from stackgen.errors import DestinationError, RenderError
from stackgen.project import dotenv
from stackgen.project.destination import check_destination, check_name
from stackgen.template import source
from stackgen.template.rendering import render, stamp

Repository = Literal["committed", "staged", "enclosing", "none"]
"""What became of git: a first commit; files staged for want of an identity; the project lies in
a repository already; or no repository, as asked or because git is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A project that was made, or with `dry_run` would be.

    Attributes:
        path: Its absolute path.
        paths: Its files, relative with `/`, sorted, without those of git.
        repository: What became of git.
    """

    path: Path
    paths: tuple[str, ...]
    repository: Repository


def generate(
    destination: Path,
    values: Mapping[str, Any],
    *,
    template: Path | None = None,
    with_git: bool = True,
    dry_run: bool = False,
) -> Generated:
    """Make a project: the destination is complete in the end, or as it was.

    Args:
        destination: Where it goes: a path that does not exist, or an empty directory.
        values: Resolved options, as `Options.resolve` gives them.
        template: The template folder; this installation's own unless it is named.
        with_git: Make a repository with a first commit, unless the project lies in one already.
        dry_run: Write nothing there; say what would be.

    Raises:
        DestinationError: The destination cannot be used; nothing was written.
        RenderError: It failed while working; nothing was kept.
    """
    path = check_destination(destination)
    template = template or source.template_root()
    # Named before it is made: whenever a signal comes, it is known what to remove.
    parent = Path(tempfile.gettempdir()) if dry_run else path.parent
    stage = parent / f".{path.name}.stackgen-{secrets.token_hex(8)}"
    try:
        _make_stage(stage)
        project = stage / path.name
        render(template, project, values)
        stamp(project, url=source.PUBLIC_URLS[0], tag=source.tag())
        _check_dependencies(project, str(values["project_name"]))
        dotenv.write(project)
        paths = _files(project)
        if dry_run:
            return Generated(path=path, paths=paths, repository="none")
        repository = _make_repository(project, path.parent) if with_git else "none"
        _move(project, path)
        return Generated(path=path, paths=paths, repository=repository)
    except OSError as error:
        raise RenderError(
            f"`{path}` cannot be made: {error.strerror or error}. Nothing was kept."
        ) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _make_stage(stage: Path) -> None:
    """Make a private directory, on the file system of the destination for the rename."""
    try:
        stage.mkdir(mode=0o700)
    except OSError as error:
        raise DestinationError(
            f"`{stage.parent}` cannot be written to: {error.strerror}. Choose another place."
        ) from error


def _move(project: Path, path: Path) -> None:
    try:
        project.rename(path)  # An empty directory is replaced; anything else in the way refuses.
    except OSError as error:
        raise RenderError(
            f"`{path}` cannot be put in its place: {error.strerror}. Nothing was kept."
        ) from error


def _files(project: Path) -> tuple[str, ...]:
    return tuple(
        sorted(
            path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()
        )
    )


def _check_dependencies(project: Path, name: str) -> None:
    """Refuse a name that pip would take for one of the project's own dependencies."""
    path = project / "pyproject.toml"
    if not path.is_file():
        return
    document = tomllib.loads(path.read_text("utf-8"))
    metadata = document["project"]
    requirements = [*document["build-system"]["requires"], *metadata.get("dependencies", [])]
    for extra in metadata.get("optional-dependencies", {}).values():
        requirements += extra
    check_name(name, {re.split(r"[^A-Za-z0-9._-]", text)[0] for text in requirements})


def _make_repository(project: Path, parent: Path) -> Repository:
    if git.enclosing_repository(parent):
        return "enclosing"
    if not git.available():
        return "none"
    git.run("init", "--quiet", "--initial-branch=main", cwd=project)
    git.run("add", "--all", cwd=project)
    if not git.has_identity(project):
        return "staged"
    git.run(
        "commit",
        "--quiet",
        "--no-verify",
        f"--message=Start from stackgen {source.tag()}",
        cwd=project,
    )
    return "committed"
