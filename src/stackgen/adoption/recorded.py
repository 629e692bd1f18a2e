"""What a repository records already: taken over, or no record that may be replaced."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.version import Version

from stackgen.errors import AnswerError, ProjectError
from stackgen.project import kept, standard_record
from stackgen.project.answers_file import read_record
from stackgen.project.record import open_project, recorded_values
from stackgen.template.history import History
from stackgen.template.loading import load_options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.source import Source
from stackgen.template.versions import NAMELESS, Tag, parse_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An answers file that cannot be followed as it is, or none.

    Attributes:
        content: The file as it was read, so that what became of it meanwhile is seen; nothing
            where there is none.
        values: What it says, by name.
    """

    content: bytes | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, Any]:
        """What it says of options, not checked yet."""
        return {name: value for name, value in self.values.items() if not name.startswith("_")}


def read_recorded(path: Path, template: Source, history: History) -> Recorded:
    """Return what an answers file says that has to be mended; nothing where there is none.

    Args:
        path: The project's directory.
        template: The installed template.
        history: Its history.

    Raises:
        ProjectError: It is whole, so that there is nothing to adopt; it cannot be read; or it has
            an entry that cannot be found anew, such as a version that only a later stackgen knows.
        OSError: It cannot be read.
    """
    file = path / ANSWERS_FILE
    if not os.path.lexists(file):
        return Recorded()
    fault = _fault(path, template, history)
    if file.is_symlink() or not file.is_file():
        raise fault
    try:
        values = read_record(file)
    except AnswerError as error:
        raise ProjectError(f"{error} Or delete it: then its values are found anew.") from error
    if values.get("_src_path") in template.urls:
        _refuse_later(path, values.get("_commit"), template, history, fault)
    for name, read in ((kept.KEY, kept.read), (standard_record.KEY, standard_record.read)):
        try:
            read(values.get(name), file)
        except ProjectError as error:
            raise ProjectError(f"{error} Or remove that entry.") from error
    return Recorded(content=file.read_bytes(), values=values)


def follows_already(path: Path, tag: str) -> ProjectError:
    """Return the refusal of a project whose record is whole.

    Args:
        path: The project's directory.
        tag: The version that it records.
    """
    return ProjectError(
        f"`{path}` follows {tag.removeprefix('v')} already: its `{ANSWERS_FILE}` says so. "
        "`stackgen status` compares it."
    )


def _fault(path: Path, template: Source, history: History) -> ProjectError:
    """Return why a record cannot be followed; that there is no reason refuses it, too."""
    try:
        project = open_project(path, template, history.index)
        recorded_values(project, load_options(history.template(project.tag)))
    except ProjectError as error:
        return error
    raise follows_already(path, project.tag)


def _refuse_later(
    path: Path, recorded: object, template: Source, history: History, fault: ProjectError
) -> None:
    """Refuse a version that is right, and that this stackgen does not know.

    Whatever is nearest to it here is an older one: recorded in its place, the next update would
    bring what is in the project already, as if it were new.
    """
    tag, index = parse_tag(recorded), history.index
    if tag is None or tag.text == template.tag or index.find(tag) is not None:
        return
    if tag.is_dirty or tag.text == f"v{NAMELESS}":
        # No other build knows it, so that the nearest one is the best there is; but where even
        # the commit that it was built from is a later one, a later stackgen finds a nearer one.
        if tag.commit not in index.commits and _is_later(tag, template):
            raise ProjectError(
                f"`{path}` follows {tag.text}, and this is stackgen {template.tag}, which is not "
                "as late. Upgrade stackgen."
            )
        return
    is_left_out = tag.commit in index.omitted or bool(tag.commit and index.is_shallow)
    if is_left_out or not index.commits or _is_later(tag, template):
        raise fault


def _is_later(tag: Tag, template: Source) -> bool:
    return Version(tag.version.public) > Version(Version(template.tag).public)
