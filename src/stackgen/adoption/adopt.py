"""A repository that follows the template again: the door for one without a record to go by."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stackgen.adoption.committing import Readiness, check_committable, readiness
from stackgen.adoption.present import Present
from stackgen.adoption.recorded import Recorded, read_recorded
from stackgen.adoption.search import Origin, Search
from stackgen.adoption.trials import Trials, rendered_files
from stackgen.adoption.writing import updated_record, write
from stackgen.advice.loading import load_questionnaire
from stackgen.changes.staging import remove_abandoned, temporary_directory
from stackgen.errors import ProjectError, RenderError
from stackgen.progress import step
from stackgen.project.drift import FileDrift, state_of
from stackgen.project.filling import move_back
from stackgen.project.folder import find_folder
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.loading import load_options
from stackgen.template.rendering import ANSWERS_FILE, Renderer, stamp
from stackgen.template.source import Source
from stackgen.template.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A repository that was adopted, or would be.

    Attributes:
        path: Its directory, absolute.
        framework: Its framework.
        tag: The version of the template that it follows now.
        options: Option to value, of the options that a person may set at that version.
        files: Every file that the template renders for these, and how the repository has it.
        likeness: For each, the share of the template's lines that the repository has in it, 0 to 1.
        behind: Whether the installed version is a later one.
        written: Whether its answers file was written.
        readiness: Whether that can be committed alone; of one that was written and not committed.
        unsigned: Whether it was committed, and the person's git would have signed that.
    """

    path: Path
    framework: str
    tag: str
    options: Mapping[str, Any]
    files: tuple[FileDrift, ...]
    likeness: Mapping[str, float]
    behind: bool
    written: bool = False
    readiness: Readiness = field(default_factory=Readiness)
    unsigned: bool = False

    @property
    def counts(self) -> Mapping[str, int]:
        """How many files are in each state."""
        return Counter(file.state for file in self.files)


def adopt(
    path: Path, *, commit: bool = False, dry_run: bool = False, template: Source | None = None
) -> Adopted:
    """Let a repository follow the template, as the version and options that it is nearest to.

    Its answers file is written, and nothing else.

    Args:
        path: The repository's directory, or that of a project within one.
        commit: Commit the answers file, and nothing else.
        dry_run: Write nothing; say what would be recorded.
        template: The source to follow; the installed one unless given.

    Raises:
        ProjectError: It follows the template already, has an answers file that cannot be read or
            mended, is not near to any version, or cannot be committed; nothing was written.
        RenderError: Copier or git failed; nothing was written.
    """
    template = template or source.installed()
    path = find_folder(path)
    remove_abandoned(Path(tempfile.gettempdir()))
    if not dry_run:
        move_back(path)
    try:
        with temporary_directory() as private:
            found, recorded, text = _found(path, template, private, commit=commit)
        if dry_run:
            return found
        with step("Writing the answers file"):
            ready = Readiness() if commit else readiness(path)
            unsigned = write(path, recorded, text, tag=found.tag, commit=commit)
        return replace(found, written=True, readiness=ready, unsigned=unsigned)
    except OSError as error:
        place = f" `{error.filename}`:" if error.filename else ""
        reason = error.strerror or str(error)
        raise RenderError(f"`{path}` cannot be adopted:{place} {reason}.") from error


def _found(
    path: Path, template: Source, private: Path, *, commit: bool
) -> tuple[Adopted, Recorded, str]:
    """Return what a repository is nearest to, what it records, and the file that says so."""
    history = History(template, private)
    recorded = read_recorded(path, template, history)
    if commit:
        check_committable(path)
    present = Present(path)
    with Renderer() as renderer:
        trials = Trials(present, private, renderer)
        search = Search(
            Timeline(template, history),
            present,
            trials,
            questionnaire=load_questionnaire(),
            frameworks=load_options(template.root).frameworks,
            known=recorded.options,
        )
        origin = search.origin()
        with trials.rendered(origin.options.template, origin.values) as render:
            adopted = _compared(path, template, origin, present, render)
            _refuse_unlike(adopted)
            stamp(render, url=template.urls[0], tag=origin.tag)
            text = (render / ANSWERS_FILE).read_bytes().decode()
    return adopted, recorded, updated_record(recorded, text)


def _compared(
    path: Path, template: Source, origin: Origin, present: Present, render: Path
) -> Adopted:
    files, likeness = [], {}
    for name, file in rendered_files(render):
        state = state_of(file, path / name)
        files.append(FileDrift(path=name, state=state))
        found = present.likeness(name, file.read_bytes())
        likeness[name] = 1.0 if state == "same" else found.found / (found.found + found.lacking)
    return Adopted(
        path=path,
        framework=str(origin.values["framework"]),
        tag=origin.tag,
        options={name: origin.values[name] for name in origin.options.settable},
        files=tuple(files),
        likeness=likeness,
        behind=origin.tag != template.tag and not origin.is_installed,
    )


def _refuse_unlike(adopted: Adopted) -> None:
    counts = adopted.counts
    if 2 * (counts["same"] + counts["edited"]) >= len(adopted.files):
        return
    raise ProjectError(
        f"`{adopted.path}` is near to no version of stackgen. The nearest is "
        f"{adopted.tag.removeprefix('v')} with {adopted.framework}, and of its "
        f"{len(adopted.files)} files {counts['same']} are the same, {counts['edited']} edited and "
        f"{counts['missing']} missing. Half of them must be there. "
        "`stackgen new` makes a new project, in a folder with files of yours, too."
    )
