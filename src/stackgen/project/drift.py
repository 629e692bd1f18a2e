"""How far projects lag behind the template, and what was changed in them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stackgen.changes.staging import temporary_directory
from stackgen.errors import StackgenError
from stackgen.progress import step
from stackgen.project.lfs import LONGEST_POINTER, pointer_to
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.loading import load_options
from stackgen.template.rendering import ANSWERS_FILE, Renderer
from stackgen.template.source import Source

DriftState = Literal["same", "edited", "missing"]
"""How a file of the project compares to what the template of its version rendered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDrift:
    """A file of the template, relative with `/`, and how the project has it."""

    path: str
    state: DriftState


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A project compared to the template.

    Attributes:
        path: The project's directory, absolute.
        from_tag: The version that it follows; empty where it cannot be told.
        to_tag: The installed version.
        files: Every file that the template rendered, sorted by path, but for the answers file.
        error: Why it cannot be told; or none.
    """

    path: Path
    from_tag: str
    to_tag: str
    files: tuple[FileDrift, ...] = ()
    error: str | None = None

    @property
    def behind(self) -> bool:
        """Whether the installed version is a later one: an earlier one would not know it."""
        return bool(self.from_tag) and self.from_tag != self.to_tag

    @property
    def drifted(self) -> tuple[FileDrift, ...]:
        """The files that are not as the template rendered them."""
        return tuple(file for file in self.files if file.state != "same")


def drift(paths: Sequence[Path], *, template: Source | None = None) -> Iterator[Drift]:
    """Compare projects to the template, one after another; nothing is written.

    Each one is rendered anew in the version and with the answers that it records. An error in one
    is told in its `Drift.error` and does not end the others.

    Args:
        paths: The projects' directories.
        template: The source to compare to; the installed one unless given.

    Raises:
        RenderError: There is no place to render in, or nothing to render with.
    """
    template = template or source.installed()
    with temporary_directory() as private, Renderer() as renderer:
        history = History(template, private)
        for number, path in enumerate(paths, 1):
            with step(f"Comparing project {number} of {len(paths)}"):
                folder = private / f"render-{number}"
                compared = _compared(path, template, history, renderer, folder)
            yield compared


def _compared(
    path: Path, template: Source, history: History, renderer: Renderer, folder: Path
) -> Drift:
    tag = ""
    try:
        project = open_project(path, template)
        tag = project.tag
        files = tuple(_files(project, history, renderer, folder))
    except StackgenError as error:
        cause = str(error)
    except OSError as error:
        cause = f"`{error.filename}`: {error.strerror}." if error.filename else f"{error.strerror}."
    else:
        return Drift(path=project.path, from_tag=tag, to_tag=template.tag, files=files)
    return Drift(path=path.absolute(), from_tag=tag, to_tag=template.tag, error=cause)


def _files(
    project: Project, history: History, renderer: Renderer, folder: Path
) -> Iterator[FileDrift]:
    former = history.template(project.tag)
    renderer.render(former, folder, recorded_values(project, load_options(former)))
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder)
        if path.as_posix() != ANSWERS_FILE:
            state = _state(file, project.path / path)
            yield FileDrift(path=path.as_posix(), state=state)


def _state(rendered: Path, present: Path) -> DriftState:
    try:
        found = present.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    if not stat.S_ISREG(found.st_mode):
        return "edited"
    expected = rendered.read_bytes()
    # git may have checked the file out with the line ends of another system.
    longest = len(expected) + expected.count(b"\n")
    if len(expected) <= found.st_size <= longest:
        content = present.read_bytes()
        return (
            "same"
            if content.replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n")
            else "edited"
        )
    if found.st_size < LONGEST_POINTER and present.read_bytes() == pointer_to(rendered):
        return "same"
    return "edited"
