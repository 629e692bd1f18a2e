"""A project that stackgen made: what it records, and whether that can be trusted."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen.errors import AnswerError, OptionError, OtherTemplateError, ProjectError
from stackgen.foreign_text import quoted
from stackgen.project import kept, standard_record
from stackgen.project.answers_file import read_record
from stackgen.project.folder import find_folder
from stackgen.project.standard_record import RecordedStandard
from stackgen.project.version import check_version
from stackgen.template.index import Index
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.source import Source

_LONGEST_SHOWN = 80
"""How much a message shows of what is recorded: an address is longer than most values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project and its record.

    Attributes:
        path: Its directory, absolute.
        tag: The version of the template that it follows.
        values: Option id to recorded value, not checked yet.
        kept: The files of the template that it has its own of.
        standard: The team's standard that it follows; or none.
    """

    path: Path
    tag: str
    values: Mapping[str, Any]
    kept: tuple[str, ...] = ()
    standard: RecordedStandard | None = None

    @property
    def file(self) -> Path:
        """Its answers file."""
        return self.path / ANSWERS_FILE


def open_project(path: Path, source: Source, index: Index | None = None) -> Project:
    """Read what a project records, and refuse a record that is not of stackgen's making.

    Args:
        path: The project's directory.
        source: The installed template, whose addresses and version the record must fit.
        index: What its history holds; read anew unless it is given.

    Raises:
        ProjectError: It is no such project, or it follows another template, or a version that the
            history of the installed one does not hold.
    """
    path = find_folder(path)
    file = path / ANSWERS_FILE
    try:
        _check_place(path, file)
        record = read_record(file)
    except AnswerError as error:
        raise ProjectError(str(error)) from error
    except OSError as error:
        raise ProjectError(
            f"`{file}` cannot be read: {error.strerror}. Change its permissions."
        ) from error
    url = record.get("_src_path")
    if url not in source.urls:
        shown = quoted(url, longest=_LONGEST_SHOWN)
        raise OtherTemplateError(
            f"`_src_path` in `{file}` is {shown}, and stackgen's own is `{source.urls[0]}`. Put "
            "that back if stackgen made this project."
        )
    tag = check_version(record.get("_commit"), file, source, index)
    values = {name: value for name, value in record.items() if not name.startswith("_")}
    return Project(
        path=path,
        tag=tag,
        values=values,
        kept=kept.read(record.get(kept.KEY), file),
        standard=standard_record.read(record.get(standard_record.KEY), file),
    )


def recorded_values(project: Project, former: Options) -> Mapping[str, Any]:
    """Check what a project records, and return the values of every option of its version.

    Args:
        project: The project.
        former: The options of the version that it follows.

    Raises:
        ProjectError: It records an option or a value that this version does not have.
    """
    if unknown := project.values.keys() - former.recorded:
        raise ProjectError(
            f"`{project.file}` records `{min(unknown)}`, which is not an option of {project.tag}. "
            "Remove that line."
        )
    try:
        return former.resolve(project.values).values
    except OptionError as error:
        raise ProjectError(f"`{project.file}`: {error}") from error


def _check_place(path: Path, file: Path) -> None:
    if file.is_symlink():
        raise ProjectError(f"`{file}` is a symbolic link. Put the file itself there.")
    if file.is_file():
        return
    if os.path.lexists(file):
        what = "a directory" if file.is_dir() else "not a regular file"
        raise ProjectError(f"`{file}` is {what}. Restore the file from git.")
    renamed = sorted(path.glob(".copier-answers*")) + sorted(path.glob("copier-answers*"))
    if renamed:
        move = shlex.join(["git", "mv", renamed[0].name, file.name])
        raise ProjectError(f"`{path}` has no `{file.name}`, but `{renamed[0].name}`: `{move}`.")
    raise ProjectError(
        f"`{path}` is not a stackgen project: it has no `{file.name}`. Where it once was one, "
        "`stackgen adopt` writes that file anew."
    )
