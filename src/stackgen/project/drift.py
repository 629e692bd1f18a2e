"""How far projects lag behind the template, and what was changed in them."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from stackgen.errors import ProjectError, StackgenError
from stackgen.project.exceptions import RuleException, read_exceptions
from stackgen.project.file_diff import file_diff
from stackgen.project.folder import absolute
from stackgen.project.lfs import LONGEST_POINTER, pointer_to
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.project.several import look_at
from stackgen.project.standard_record import RecordedStandard
from stackgen.template import source
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.renders import Renders
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
        error: Why it cannot be told, or what else is wrong with the project; or none.
        releases: How many releases came since the version that it follows, where that is known.
        standard: The standard of a team that it records; or none.
        exceptions: The rules of a team that it claims not to follow.
        diff: What was changed in the file that was asked for, as a unified diff: empty where
            nothing was; none where it is no file of the template's.
    """

    path: Path
    from_tag: str
    to_tag: str
    files: tuple[FileDrift, ...] = ()
    error: str | None = None
    releases: int | None = None
    standard: RecordedStandard | None = None
    exceptions: tuple[RuleException, ...] = ()
    diff: str | None = None

    @property
    def behind(self) -> bool:
        """Whether the installed version is a later one: an earlier one would not know it."""
        return bool(self.from_tag) and self.from_tag != self.to_tag

    @property
    def drifted(self) -> tuple[FileDrift, ...]:
        """The files that are not as the template rendered them."""
        return tuple(file for file in self.files if file.state != "same")


Extend = Callable[[Project, Options, Mapping[str, Any], Path], None]
"""Adds what a project's standard has to a render of it: the project, the options of its version,
their values, and the folder."""


def drift(
    paths: Sequence[Path], *, template: Source | None = None, extend: Extend | None = None
) -> Iterator[Drift]:
    """Compare projects to the template, one after another; nothing is written.

    Each one is rendered anew in the version and with the answers that it records. An error in one
    is told in its `Drift.error` and does not end the others.

    Args:
        paths: The projects' directories.
        template: The source to compare to; the installed one unless given.
        extend: What adds the files of a standard; without it, a project that follows one has an
            error.

    Raises:
        RenderError: There is no place to render in, or nothing to render with.
    """
    template = template or source.installed()
    yield from look_at(paths, partial(compared, extend=extend), template)


def compared(
    path: Path, renders: Renders, *, diff_of: str = "", extend: Extend | None = None
) -> Drift:
    """Compare one project; an error is told in `Drift.error`.

    Args:
        path: The project's directory.
        renders: What renders the version that it follows.
        diff_of: A file of the template whose change is wanted as a diff; none unless given.
        extend: What adds the files of a standard; see `drift`.
    """
    tag, to_tag, standard = "", renders.source.tag, None
    try:
        project = open_project(path, renders.source, renders.index)
        tag, standard = project.tag, project.standard
        former = renders.options(project.tag)
        values = recorded_values(project, former)
        with renders.place() as place:
            folder = place / "template"
            renders.render(former, folder, values)
            if standard:
                if extend is None:
                    raise ProjectError(
                        f"`{project.path}` follows a standard, which is not known here."
                    )
                extend(project, former, values, folder)
            files = tuple(_files(project, folder))
            state = {file.path: file.state for file in files}.get(diff_of)
            changed = state not in {None, "same"}
            diff = file_diff(folder, project.path, diff_of) if changed else state and ""
        error, exceptions = _exceptions(project)
    except (StackgenError, OSError) as failure:
        cause = explained(failure)
        return Drift(
            path=absolute(path), from_tag=tag, to_tag=to_tag, error=cause, standard=standard
        )
    return Drift(
        path=project.path,
        from_tag=tag,
        to_tag=to_tag,
        files=files,
        error=error,
        releases=renders.index.releases_between(tag, to_tag),
        standard=standard,
        exceptions=exceptions,
        diff=diff,
    )


def explained(error: Exception) -> str:
    """Return an error that ends one project alone as a sentence.

    Args:
        error: What went wrong; a class of Python's is named only where it is nobody's input, but a
            fault of stackgen's own, so that it can be reported.
    """
    if isinstance(error, StackgenError):
        return str(error)
    if not isinstance(error, OSError):
        said = f"{type(error).__name__}: {error}".rstrip(".: ")
        return f"It cannot be read: {said}."
    said = error.strerror or str(error) or "it cannot be read"
    return f"`{error.filename}`: {said}." if error.filename else f"{said}."


def _files(project: Project, folder: Path) -> Iterator[FileDrift]:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder)
        if path.as_posix() != ANSWERS_FILE:
            yield FileDrift(path=path.as_posix(), state=state_of(file, project.path / path))


def _exceptions(project: Project) -> tuple[str | None, tuple[RuleException, ...]]:
    """Return the exceptions of a project; where they cannot be read, why: all else can be told."""
    try:
        return None, read_exceptions(project.path)
    except StackgenError as error:
        return str(error), ()


def state_of(rendered: Path, present: Path) -> DriftState:
    """Compare a file to what the template rendered; line ends, and Git LFS, make no difference.

    Args:
        rendered: The rendered file.
        present: Where the project has it, or does not.

    Raises:
        OSError: It is there and cannot be read.
    """
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
