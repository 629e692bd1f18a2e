"""What an update would do: two renders of the template and the project, merged in private."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from stackgen.changes.checkout import fingerprints
from stackgen.changes.guard import refuse_uncommitted
from stackgen.changes.recovery import pending
from stackgen.changes.staging import temporary_directory
from stackgen.changes.work_tree import WorkTree, find_work_tree
from stackgen.errors import DiscardError, FrameworkChangeError, OptionError, RenderError
from stackgen.progress import step
from stackgen.project.kept import set_aside
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.project.record_text import edit_record
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.loading import load_options
from stackgen.template.options import OptionMigrations, Options
from stackgen.template.rendering import ANSWERS_FILE, Renderer, stamp
from stackgen.template.source import Source
from stackgen.updating.merge import Merge, Store
from stackgen.updating.migrations import keep_migrations
from stackgen.updating.outcome import Update
from stackgen.updating.refusals import refuse_unfinished
from stackgen.updating.states import file_states, untracked_files


@dataclass(frozen=True, slots=True)
class Prepared:
    """A merge that only waits to be made.

    Attributes:
        update: What it does.
        work_tree: Where.
        store: The repository that holds what it merged.
        merge: What came of it.
        present: The fingerprints of the files that change, from before they were looked at.
    """

    update: Update
    work_tree: WorkTree
    store: Store
    merge: Merge
    present: Mapping[str, str]


class _Merged(NamedTuple):
    """The values of both versions, the migrations of options that go, and what was merged."""

    before: Mapping[str, Any]
    now: Mapping[str, Any]
    leaving: Sequence[OptionMigrations]
    merge: Merge
    store: Store


def new_options(path: Path, *, template: Source | None = None) -> Mapping[str, Any]:
    """Return the options that the installed version has and the project does not record yet.

    Args:
        path: The project's directory.
        template: The source to update from; the installed one unless given.

    Returns:
        Option id to the value that an update gives it.

    Raises:
        ProjectError: It is no project of stackgen's, or follows a later version.
        OptionError: A recorded value is not allowed any more.
    """
    template = template or source.installed()
    project = open_project(path, template)
    options = load_options(template.root)
    names = [name for name in options.settable if name not in project.values]
    if not names:
        return {}
    kept = {name: value for name, value in project.values.items() if name in options.recorded}
    values = options.resolve(kept).values
    return {name: values[name] for name in names}


def check_update(path: Path, *, template: Source | None = None) -> Update:
    """Say whether a project is behind; nothing is rendered, so that `Update.files` is empty.

    Args:
        path: The project's directory.
        template: The source to compare to; the installed one unless given.

    Raises:
        ProjectError: It is no project of stackgen's, or follows a later version.
    """
    template = template or source.installed()
    project = open_project(path, template)
    return Update(path=project.path, from_tag=project.tag, to_tag=template.tag)


def plan_update(
    path: Path,
    changes: Mapping[str, Any] | None = None,
    *,
    discard_edits: bool = False,
    with_diff: bool = False,
    template: Source | None = None,
) -> Update:
    """Say what an update would do; nothing is written.

    Whatever `update` refuses is refused here, too.

    Args:
        path: The project's directory.
        changes: Options to change: id to value.
        discard_edits: Let edited files go that the template has no more.
        with_diff: Put the whole change into `Update.diff`.
        template: The source to update from; the installed one unless given.

    Raises:
        ProjectError: The project cannot be updated as it is.
        OptionError: An option or value is not allowed.
        RenderError: Copier or git failed.
    """
    template = template or source.installed()
    project = open_project(path, template)
    work_tree = find_work_tree(project.path)
    moved = pending(work_tree)
    if not moved:  # Otherwise an update that was killed holds the index, until it is put back.
        refuse_unfinished(project, work_tree)
    if project.tag == template.tag and not changes:
        return check_update(path, template=template)
    with prepared(project, work_tree, template, changes or {}, discard_edits, moved) as ready:
        if not with_diff:
            return ready.update
        return replace(ready.update, diff=ready.store.diff(ready.merge.changes))


@contextlib.contextmanager
def prepared(
    project: Project,
    work_tree: WorkTree,
    template: Source,
    changes: Mapping[str, Any],
    discard_edits: bool,
    moved: Collection[str] = (),
) -> Iterator[Prepared]:
    """Merge in a private place, for as long as the context lasts.

    Args:
        project: The project.
        work_tree: Its repository.
        template: The source to update from.
        changes: Options to change: id to value.
        discard_edits: Let edited files go that the template has no more.
        moved: Files that an earlier update, which was killed, moved and that are put back first.

    Raises:
        ProjectError: The project cannot be updated as it is.
        OptionError: An option or value is not allowed.
        RenderError: Copier or git failed.
    """
    try:
        with temporary_directory() as private:
            merged = _merged(project, work_tree, template, changes, private)
            merge, before, now = merged.merge, merged.before, merged.now
            dropped: list[str] = []
            switches = any(now.get(name) != before.get(name) for name in changes if name in before)
            if switches or discard_edits:
                dropped = merge.dropped
                merge = merge.without(dropped)
            present = fingerprints(work_tree, merge.changes)
            refuse_uncommitted(work_tree, merge.changes, moved=moved)
            if dropped and not discard_edits:
                raise DiscardError(dropped)
            new = load_options(template.root).settable.keys() - {*project.values, *changes}
            untracked = untracked_files(project.path, merge)
            update = Update(
                path=project.path,
                from_tag=project.tag,
                to_tag=template.tag,
                files=tuple(file_states(merge, untracked)),
                conflicts=tuple(sorted(merge.changes.conflicts)),
                discarded=tuple(dropped),
                defaulted={name: value for name, value in now.items() if name in new},
                untracked=tuple(untracked),
                kept=tuple(
                    one for one in merged.leaving if any(map(one.holds, merge.changes.after))
                ),
            )
            yield Prepared(update, work_tree, merged.store, merge, present)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenderError(f"The update failed: {reason}. Nothing was changed.") from error


def _merged(
    project: Project,
    work_tree: WorkTree,
    template: Source,
    changes: Mapping[str, Any],
    folder: Path,
) -> _Merged:
    """Render both versions of the template, and merge the step between them into the project."""
    with Renderer() as renderer:  # It gets ready while the rest is found out.
        previous = History(template, folder).template(project.tag)
        options = load_options(template.root)
        before, now = _values(project, load_options(previous), options, changes)
        old, new = folder / "old", folder / "new"
        with step(f"Rendering {project.tag}"):
            renderer.render(previous, old, before)
        with step(f"Rendering {template.tag}"):
            renderer.render(template.root, new, now)
        leaving = keep_migrations(project, options, now, renderer, old=old, new=new)
    set_aside(project.kept, old, new)
    stamp(old, url=template.urls[0], tag=project.tag)
    stamp(new, url=template.urls[0], tag=template.tag)
    texts = [(place / ANSWERS_FILE).read_bytes().decode() for place in (project.path, old, new)]
    store = Store(folder / "store.git", work_tree)
    record = (ANSWERS_FILE, edit_record(*texts).encode())
    with step("Merging"):
        merge = store.merge(old, new, template.tag, record)
    return _Merged(before, now, leaving, merge, store)


def _values(
    project: Project, previous: Options, options: Options, changes: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the values of every option, for the recorded version and for the new one."""
    before = recorded_values(project, previous)
    framework = project.values.get("framework")
    if changes.get("framework", framework) != framework:
        raise FrameworkChangeError(project.file, str(changes["framework"]))
    kept = {name: value for name, value in project.values.items() if name in options.recorded}
    inputs = options.parse(changes)
    try:
        return before, options.resolve({**kept, **inputs}).values
    except OptionError as error:
        if changes:
            raise
        raise OptionError(str(error), remedy="changes") from error
