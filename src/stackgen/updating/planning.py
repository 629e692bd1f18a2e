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
from stackgen.errors import (
    DiscardError,
    FrameworkChangeError,
    OptionError,
    RenderError,
    StandardError,
)
from stackgen.progress import step
from stackgen.project.kept import set_aside
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.project.record_text import edit_record
from stackgen.team.following import NOTHING_HELD, Held, Move, cannot_hold, follow, hold
from stackgen.team.jinja import Jinja
from stackgen.template import source
from stackgen.template.loading import load_options
from stackgen.template.options import OptionMigrations, Options, Origin
from stackgen.template.rendering import ANSWERS_FILE, Renderer, stamp
from stackgen.template.renders import Renders
from stackgen.template.source import Source
from stackgen.updating.mentions import mentions, warnings
from stackgen.updating.merge import Merge, Store
from stackgen.updating.migrations import keep_migrations
from stackgen.updating.outcome import Update
from stackgen.updating.refusals import refuse_unfinished
from stackgen.updating.states import file_states, untracked_files

_SHORT = 12
"""How many digits of a commit are shown."""


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


class _Values(NamedTuple):
    """A value for every option, as it is recorded and as it will be, and on whose word."""

    before: Mapping[str, Any]
    now: Mapping[str, Any]
    held: Mapping[str, str]


class _Merged(NamedTuple):
    """The values of both versions, the migrations of options that go, and what was merged."""

    values: _Values
    leaving: Sequence[OptionMigrations]
    merge: Merge
    store: Store


def new_options(
    path: Path, *, template: Source | None = None, move: Move | None = None
) -> Mapping[str, Any]:
    """Return the options that the installed version has and the project does not record yet.

    Args:
        path: The project's directory.
        template: The source to update from; the installed one unless given.
        move: The standards of the update. What one locks is not among the options.

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
    held = _held(project, kept, {}, options, move or Move())
    values = options.resolve({**kept, **held.options}, presets={"standard": held.wishes}).values
    return {name: values[name] for name in names if name not in held.options}


def check_update(path: Path, *, template: Source | None = None, move: Move | None = None) -> Update:
    """Say whether a project is behind; nothing is rendered, so that `Update.files` is empty.

    Args:
        path: The project's directory.
        template: The source to compare to; the installed one unless given.
        move: The standards to compare; none unless given.

    Raises:
        ProjectError: It is no project of stackgen's, follows a later version, or records what the
            installed one does not have.
    """
    template = template or source.installed()
    move = move or Move()
    project = open_project(path, template)
    if project.tag == template.tag:
        recorded_values(project, load_options(template.root))
    return Update(
        path=project.path,
        from_tag=project.tag,
        to_tag=template.tag,
        from_standard=move.recorded_before,
        to_standard=move.recorded_after,
        warnings=move.warnings,
    )


def plan_update(  # noqa: PLR0913 - each is one thing that may be asked for
    path: Path,
    changes: Mapping[str, Any] | None = None,
    *,
    discard_edits: bool = False,
    with_diff: bool = False,
    template: Source | None = None,
    renders: Renders | None = None,
    jinja: Jinja | None = None,
    move: Move | None = None,
) -> Update:
    """Say what an update would do; nothing is written.

    Whatever `update` refuses is refused here, too.

    Args:
        path: The project's directory.
        changes: Options to change: id to value.
        discard_edits: Let edited files go that the template has no more.
        with_diff: Put the whole change into `Update.diff`.
        template: The source to update from; the installed one unless given.
        renders: What renders, where many projects are looked at: its source counts then.
        jinja: What renders the files of standards, likewise.
        move: The standards of the update; it must be given where the project follows one.

    Raises:
        ProjectError: The project cannot be updated as it is.
        OptionError: An option or value is not allowed.
        StandardError: The standard does not allow it, or cannot be used.
        RenderError: Copier or git failed.
    """
    template = renders.source if renders else template or source.installed()
    project = open_project(path, template, renders.index if renders else None)
    move = checked_move(project, move)
    work_tree = find_work_tree(project.path)
    moved = pending(work_tree)
    if not moved:  # Otherwise an update that was killed holds the index, until it is put back.
        refuse_unfinished(project, work_tree)
    if project.tag == template.tag and not changes and not move.changes:
        return check_update(path, template=template, move=move)
    with contextlib.ExitStack() as stack:
        goal = Goal(
            renders=renders or stack.enter_context(renders_of(template)),
            jinja=jinja or stack.enter_context(Jinja()),
            changes=changes or {},
            move=move,
            discard_edits=discard_edits,
        )
        ready = stack.enter_context(prepared(project, work_tree, goal, moved))
        if not with_diff:
            return ready.update
        return replace(ready.update, diff=ready.store.diff(ready.merge.changes))


def checked_move(project: Project, move: Move | None) -> Move:
    """Return the standards of an update, which must be known where a project follows one.

    Raises:
        StandardError: The project follows one, and they are not.
    """
    move = move or Move()
    if project.standard != move.recorded_before:
        followed = project.standard.url if project.standard else "none"
        raise StandardError(
            f"`{project.path}` records the standard `{followed}`, and nobody named it.",
            remedy="standard",
        )
    return move


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What an update brings a project to.

    Attributes:
        renders: What renders the source to update from.
        jinja: What renders the files of the standards.
        changes: Options to change: id to value.
        move: The standards.
        discard_edits: Let edited files go that the template has no more.
    """

    renders: Renders
    jinja: Jinja
    changes: Mapping[str, Any]
    move: Move
    discard_edits: bool


@contextlib.contextmanager
def renders_of(template: Source) -> Iterator[Renders]:
    """Get ready to render versions of a source for one project.

    Raises:
        RenderError: There is no place to render in, or nothing to render with.
    """
    with temporary_directory() as private, Renderer() as renderer:
        yield Renders(template, private, [renderer])


@contextlib.contextmanager
def prepared(
    project: Project, work_tree: WorkTree, goal: Goal, moved: Collection[str] = ()
) -> Iterator[Prepared]:
    """Merge in a private place, for as long as the context lasts.

    Args:
        project: The project.
        work_tree: Its repository.
        goal: What it is brought to.
        moved: Files that an earlier update, which was killed, moved and that are put back first.

    Raises:
        ProjectError: The project cannot be updated as it is.
        OptionError: An option or value is not allowed.
        StandardError: The standard does not allow it, or cannot be used.
        RenderError: Copier or git failed.
    """
    renders, changes = goal.renders, goal.changes
    try:
        with renders.place() as place:
            merged = _merged(project, work_tree, goal, place)
            merge, (before, now, held) = merged.merge, merged.values
            dropped: list[str] = []
            named = [name for name in (*changes, *held) if name in before]
            switches = any(now.get(name) != before.get(name) for name in named)
            if switches or goal.discard_edits:
                dropped = merge.dropped
                merge = merge.without(dropped)
            present = fingerprints(work_tree, merge.changes)
            refuse_uncommitted(work_tree, merge.changes, moved=moved, read=[ANSWERS_FILE])
            if dropped and not goal.discard_edits:
                raise DiscardError(dropped)
            to_tag = renders.source.tag
            new = renders.options(to_tag).settable.keys() - {*project.values, *changes}
            untracked = untracked_files(project.path, merge)
            update = Update(
                path=project.path,
                from_tag=project.tag,
                to_tag=to_tag,
                files=tuple(file_states(merge, untracked)),
                conflicts=tuple(sorted(merge.changes.conflicts)),
                discarded=tuple(dropped),
                defaulted={name: value for name, value in now.items() if name in new},
                untracked=tuple(untracked),
                from_standard=goal.move.recorded_before,
                to_standard=goal.move.recorded_after,
                held=held,
                warnings=(
                    *goal.move.warnings,
                    *warnings(mentions(merge, merged.store), project.path),
                ),
                kept=tuple(
                    one for one in merged.leaving if any(map(one.holds, merge.changes.after))
                ),
            )
            yield Prepared(update, work_tree, merged.store, merge, present)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenderError(f"The update failed: {reason}. Nothing was changed.") from error


def _merged(project: Project, work_tree: WorkTree, goal: Goal, folder: Path) -> _Merged:
    """Render both versions of the template, and merge the step between them into the project.

    Each has the files of its standard: what one of the two takes over from the other is no change.
    """
    renders, move = goal.renders, goal.move
    template = renders.source
    former, options = renders.options(project.tag), renders.options(template.tag)
    values = _values(project, former, options, goal)
    before, now = values.before, values.now
    old, new = folder / "old", folder / "new"
    with step(f"Rendering {project.tag}"):
        renders.render(former, old, before)
    with step(f"Rendering {template.tag}"):
        renders.render(options, new, now)
    leaving = keep_migrations(project, options, now, renders, old=old, new=new)
    if move.before:
        follow(move.before, old, before, options=former, jinja=goal.jinja)
    if move.after:
        follow(move.after, new, now, options=options, jinja=goal.jinja)
    set_aside(project.kept, old, new)
    stamp(old, url=template.urls[0], tag=project.tag)
    stamp(new, url=template.urls[0], tag=template.tag)
    texts = [(place / ANSWERS_FILE).read_bytes().decode() for place in (project.path, old, new)]
    store = Store(folder / "store.git", work_tree)
    record = (ANSWERS_FILE, edit_record(*texts).encode())
    with step("Merging"):
        merge = store.merge(old, new, _label(template.tag, move), record)
    return _Merged(values, leaving, merge, store)


def _label(tag: str, move: Move) -> str:
    """Return what the new version is called in conflict markers: either may be the cause."""
    standard = move.after and move.after.recorded
    return f"{tag}-with-standard-{standard.commit[:_SHORT]}" if standard else tag


def _values(project: Project, previous: Options, options: Options, goal: Goal) -> _Values:
    """Return the values of every option, for the recorded version and for the new one."""
    changes = goal.changes
    before = recorded_values(project, previous)
    framework = project.values.get("framework")
    if changes.get("framework", framework) != framework:
        raise FrameworkChangeError(project.file, str(changes["framework"]))
    kept = {name: value for name, value in project.values.items() if name in options.recorded}
    inputs = options.parse(changes)
    held = _held(project, kept, inputs, options, goal.move)

    try:
        now = _resolved(options, kept, {**held.options, **inputs}, held.wishes)
    except OptionError as error:
        if held.options and goal.move.after:
            raise cannot_hold(error, goal.move.after, held) from error
        if changes:
            raise
        raise OptionError(str(error), remedy="changes") from error
    return _Values(before, now, held.words)


def _resolved(
    options: Options,
    kept: Mapping[str, Any],
    inputs: Mapping[str, Any],
    wishes: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Return the values of every option; what was never chosen gives way to what is chosen now."""
    presets: dict[Origin, Mapping[str, Any]] = {"standard": wishes}
    try:
        return options.resolve({**kept, **inputs}, presets=presets).values
    except OptionError:
        following = options.following(kept, inputs)
        if not following:
            raise
        chosen = {name: kept[name] for name in kept.keys() - following}
        return options.resolve({**chosen, **inputs}, presets=presets).values


def _held(
    project: Project,
    kept: Mapping[str, Any],
    inputs: Mapping[str, Any],
    options: Options,
    move: Move,
) -> Held:
    """Return what the standard that comes means for the options."""
    if move.after is None:
        return NOTHING_HELD
    return hold(move.after, project.path, kept, inputs, options)
