"""Rendering through Copier: the only module that imports it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stackgen.errors import RenderError

ANSWERS_FILE = ".copier-answers.yml"

_STAMPED = re.compile(r"(?m)^_(?:commit|src_path):.*\n(?:[ ].*\n)*")


def render(template: Path, destination: Path, values: Mapping[str, Any]) -> None:
    """Render a template folder into a new directory.

    Nothing is fetched or asked, no process is started, and settings of the user's own for Copier
    are left aside.

    Args:
        template: The folder that holds `copier.yml` and `templates/`.
        destination: The directory to make; its parent exists.
        values: A value for every option that is recorded.

    Raises:
        RenderError: Copier could not render, or a file could not be written.
    """
    import jinja2
    from copier import Settings, run_copy
    from copier.errors import CopierError

    try:
        with _without_git():
            run_copy(
                str(template),
                destination,
                data=dict(values),
                defaults=True,
                quiet=True,
                settings=Settings(),
            )
    except OSError as error:
        raise RenderError(
            f"The project cannot be written: {error.strerror or error}. Nothing was kept."
        ) from error
    except (CopierError, jinja2.TemplateError, ValueError) as error:
        raise RenderError(
            f"The template cannot be rendered: {error or type(error).__name__}. Nothing was kept."
        ) from error
    _follow_umask(destination)


Rendering = tuple[Path, Path, Mapping[str, Any]]
"""The arguments of one call of `render`."""


def render_both(one: Rendering, other: Rendering) -> None:
    """Render two projects, each in a process of its own where that is safe.

    Raises:
        RenderError: See `render`.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        render(*one)
        render(*other)
        return
    import copier  # noqa: F401 - once, before there are two processes

    child = os.fork()
    if child == 0:
        try:
            render(*one)
        except BaseException:  # noqa: BLE001 - the parent renders it again, and tells
            os._exit(1)
        os._exit(0)
    try:
        render(*other)
    finally:
        _, status = os.waitpid(child, 0)
    if status:
        shutil.rmtree(one[1], ignore_errors=True)
        render(*one)


def stamp(project: Path, *, url: str, tag: str) -> None:
    """Record where the template is public and which version was rendered.

    Copier writes these two only when it clones a repository itself.

    Args:
        project: A rendered project.
        url: The public address of the template.
        tag: The release's tag, such as `v1.2.0`.
    """
    path = project / ANSWERS_FILE
    comment, _, answers = path.read_text("utf-8").partition("\n")
    answers = _STAMPED.sub("", answers)
    path.write_text(f"{comment}\n_commit: {tag}\n_src_path: {url}\n{answers}", "utf-8")


@contextlib.contextmanager
def _without_git() -> Iterator[None]:
    """Let Copier find no git: it then takes the template for the plain folder it is.

    Otherwise it would clone a checkout's latest tag, and start a process for every file.
    """
    from plumbum import local

    with local.env(PATH=os.devnull):
        yield


def _follow_umask(project: Path) -> None:
    """Give files the modes that the user's umask asks for, not those of the template's own."""
    mask = os.umask(0o077)
    os.umask(mask)
    for directory, _, names in os.walk(project):
        Path(directory).chmod(0o777 & ~mask)
        for name in names:
            path = Path(directory, name)
            executable = path.stat().st_mode & 0o111
            path.chmod((0o777 if executable else 0o666) & ~mask)
