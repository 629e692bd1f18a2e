"""How far projects lag behind the template, and what was changed in them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stackgen.errors import StackgenError
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.options import load_options
from stackgen.template.rendering import ANSWERS_FILE, render
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

    def as_dict(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "path": str(self.path),
            "from": self.from_tag.removeprefix("v") or None,
            "to": self.to_tag.removeprefix("v"),
            "behind": self.behind,
            "files": [{"path": file.path, "state": file.state} for file in self.files],
            "conflicts": [],
            "error": self.error,
        }


def drift(paths: Sequence[Path], *, template: Source | None = None) -> Iterator[Drift]:
    """Compare projects to the template, one after another; nothing is written.

    Each one is rendered anew in the version and with the answers that it records. An error in one
    is told in its `Drift.error` and does not end the others.

    Args:
        paths: The projects' directories.
        template: The source to compare to; the installed one unless given.
    """
    template = template or source.installed()
    with tempfile.TemporaryDirectory(prefix="stackgen-") as private:
        history = History(template, Path(private))
        for number, path in enumerate(paths):
            tag = ""
            try:
                project = open_project(path, template)
                tag = project.tag
                files = tuple(_files(project, history, Path(private, f"render-{number}")))
            except (StackgenError, OSError) as error:
                said = str(error)
                yield Drift(path=path.resolve(), from_tag=tag, to_tag=template.tag, error=said)
            else:
                yield Drift(path=project.path, from_tag=tag, to_tag=template.tag, files=files)


def _files(project: Project, history: History, folder: Path) -> Iterator[FileDrift]:
    former = history.template(project.tag)
    render(former, folder, recorded_values(project, load_options(former)))
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder)
        if path.as_posix() != ANSWERS_FILE:
            state = _state(file, project.path / path)
            yield FileDrift(path=path.as_posix(), state=state)


def _state(rendered: Path, present: Path) -> DriftState:
    if not os.path.lexists(present):
        return "missing"
    if present.is_symlink() or not present.is_file():
        return "edited"
    expected, found = rendered.read_bytes(), present.read_bytes()
    # git may have checked the file out with the line ends of another system.
    same = found == expected or found.replace(b"\r\n", b"\n") == expected
    return "same" if same else "edited"
