"""Bringing a project to the installed version of the template, or to other options, by a merge."""

from __future__ import annotations

import contextlib
import os
import shlex
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from stackgen.changes.work_tree import Checkout, find_checkout
from stackgen.errors import OptionError, ProjectError, RenderError
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.options import Options, load_options
from stackgen.template.rendering import ANSWERS_FILE, render_both, stamp
from stackgen.template.source import Source
from stackgen.updating.merge import Merge, Store
from stackgen.updating.transaction import exchange, recover, refuse_uncommitted, undo

FileState = Literal[
    "unchanged", "updated", "merged", "added", "deleted", "conflict", "kept-deleted"
]
"""What becomes of a file. `updated` had no edits of yours, `merged` has them still, and
`kept-deleted` stays deleted although the template has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUpdate:
    """A file of the template or of the project, relative with `/`, and what becomes of it."""

    path: str
    state: FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an update does, or did.

    Attributes:
        path: The project's directory.
        from_tag: The version that it followed.
        to_tag: The version that it follows then.
        files: Every file that the template has or had, sorted by path.
        conflicts: The files that a person has to finish.
        discarded: Files with edits that go, because the template has them no more.
        defaulted: Options that are new in this version: id to the value they got.
        untracked: Files of the template that are there but not in git: left as they are.
        diff: The change as a unified diff, where it was asked for.
        undo: The command that takes it back; empty where nothing was written.
    """

    path: Path
    from_tag: str
    to_tag: str
    files: tuple[FileUpdate, ...] = ()
    conflicts: tuple[str, ...] = ()
    discarded: tuple[str, ...] = ()
    defaulted: Mapping[str, Any] = field(default_factory=dict)
    untracked: tuple[str, ...] = ()
    diff: str = ""
    undo: str = ""

    @property
    def behind(self) -> bool:
        """Whether the project followed an earlier version: a later one would not be known."""
        return self.from_tag != self.to_tag

    def as_dict(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "path": str(self.path),
            "from": self.from_tag.removeprefix("v"),
            "to": self.to_tag.removeprefix("v"),
            "behind": self.behind,
            "files": [{"path": file.path, "state": file.state} for file in self.files],
            "conflicts": list(self.conflicts),
            "error": None,
        }


@dataclass(frozen=True, slots=True)
class _Prepared:
    update: Update
    checkout: Checkout
    store: Store
    merge: Merge


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
    if project.tag == template.tag and not changes:
        return check_update(path, template=template)
    with _prepared(project, template, changes or {}, discard_edits) as prepared:
        if not with_diff:
            return prepared.update
        return replace(prepared.update, diff=prepared.store.diff(prepared.merge))


def update(
    path: Path,
    changes: Mapping[str, Any] | None = None,
    *,
    discard_edits: bool = False,
    template: Source | None = None,
) -> Update:
    """Update a project: it is changed whole, or not at all.

    The files are changed in the work tree and not committed; conflicts are ordinary unmerged
    files of git's.

    Args:
        path: The project's directory.
        changes: Options to change: id to value.
        discard_edits: Let edited files go that the template has no more.
        template: The source to update from; the installed one unless given.

    Raises:
        ProjectError: The project cannot be updated as it is; nothing was changed.
        OptionError: An option or value is not allowed; nothing was changed.
        RenderError: Copier or git failed; nothing was changed.
    """
    template = template or source.installed()
    checkout = _recovered(path)
    project = open_project(path, template)
    if checkout is None:
        find_checkout(project.path)  # It says why there is none: conflicts of the last update, say.
    if project.tag == template.tag and not changes:
        return check_update(path, template=template)
    with _prepared(project, template, changes or {}, discard_edits, checkout) as prepared:
        if prepared.update.discarded and not discard_edits:
            listed = ", ".join(f"`{name}`" for name in prepared.update.discarded)
            raise ProjectError(
                f"Files with your edits would go: {listed}. Give `--discard-edits` to let them go."
            )
        if not prepared.merge.changed:
            return prepared.update
        exchange(prepared.checkout, prepared.store, prepared.merge, last=ANSWERS_FILE)
        command = shlex.join(["stackgen", "update", str(project.path), "--undo"])
        return replace(prepared.update, undo=command)


def undo_update(path: Path, *, discard_edits: bool = False) -> tuple[str, ...]:
    """Take the last update of a project back.

    The files that it changed are as they were. What was made of them since is in a commit, or the
    call is refused.

    Args:
        path: The project's directory.
        discard_edits: Let go what was made of these files since, though no commit has it.

    Returns:
        The files, relative to the top of the work tree.

    Raises:
        ProjectError: There is no update to take back, or work done since would be lost.
        RenderError: git failed.
    """
    path = path.resolve()
    if not path.is_dir():
        raise ProjectError(f"`{path}` is not a directory. Name that of a project.")
    checkout = find_checkout(path, merging=True)
    # One that was killed half way is taken back by being moved back.
    return tuple(recover(checkout) or undo(checkout, discard_edits=discard_edits))


def _recovered(path: Path) -> Checkout | None:
    """Put back what an update that was killed took away, the answers file perhaps."""
    if not path.is_dir():
        return None
    try:
        checkout = find_checkout(path.resolve())
    except ProjectError:
        return None  # Whether it is a project at all is a question that comes first.
    recover(checkout)
    return checkout


@contextlib.contextmanager
def _prepared(
    project: Project,
    template: Source,
    changes: Mapping[str, Any],
    discard_edits: bool,
    checkout: Checkout | None = None,
) -> Iterator[_Prepared]:
    """Merge in a private place, for as long as the context lasts."""
    checkout = checkout or find_checkout(project.path)
    try:
        with tempfile.TemporaryDirectory(prefix="stackgen-") as private:
            folder = Path(private)
            history = History(template, folder)
            options = load_options(template.root)
            former = history.template(project.tag)
            before, now = _values(project, load_options(former), options, changes)
            render_both((former, folder / "old", before), (template.root, folder / "new", now))
            stamp(folder / "old", url=template.urls[0], tag=project.tag)
            stamp(folder / "new", url=template.urls[0], tag=template.tag)
            store = Store(folder / "store.git", checkout)
            record = (ANSWERS_FILE, _record(project.path, folder / "old", folder / "new"))
            merge = store.merge(folder / "old", folder / "new", template.tag, record)
            discarded: list[str] = []
            switches = any(now.get(name) != before.get(name) for name in changes if name in before)
            if switches or discard_edits:
                discarded = merge.dropped
                merge = merge.without(discarded)
            refuse_uncommitted(checkout, merge)
            untracked = _untracked(project.path, merge)
            planned = Update(
                path=project.path,
                from_tag=project.tag,
                to_tag=template.tag,
                files=tuple(_files(merge, untracked)),
                conflicts=tuple(sorted(merge.stages)),
                discarded=tuple(discarded),
                defaulted={
                    name: now[name]
                    for name in options.settable
                    if name not in project.values and name not in changes
                },
                untracked=tuple(untracked),
            )
            yield _Prepared(planned, checkout, store, merge)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenderError(f"The update failed: {reason}. Nothing was changed.") from error


def _values(
    project: Project, former: Options, options: Options, changes: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The values of every option, for the recorded version and for the new one."""
    before = recorded_values(project, former)
    framework = project.values.get("framework")
    if changes.get("framework", framework) != framework:
        beside = project.path.with_name(f"{project.path.name}-{changes['framework']}")
        words = ["stackgen", "new", str(beside)]
        words += ["--answers", str(project.file), "--framework", str(changes["framework"])]
        raise OptionError(
            f"`framework` of a project cannot change. Start a new one from the same answers: "
            f"`{shlex.join(words)}`."
        )
    kept = {name: value for name, value in project.values.items() if name in options.recorded}
    given = options.parse(changes)
    try:
        return before, options.resolve({**kept, **given}).values
    except OptionError as error:
        if changes:
            raise
        raise OptionError(f"{error} `--set OPTION=VALUE` changes what was recorded.") from error


def _record(project: Path, old: Path, new: Path) -> bytes:
    """The new answers file, with the comments that were added to the present one."""
    present, former, coming = (
        (folder / ANSWERS_FILE).read_text("utf-8").splitlines(keepends=True)
        for folder in (project, old, new)
    )
    comments = [line for line in present if line.startswith("#") and line not in former]
    return "".join([*coming[:1], *comments, *coming[1:]]).encode()


def _untracked(project: Path, merge: Merge) -> list[str]:
    """Files of the template that are there although git does not have them: ignored ones."""
    gone = merge.old.keys() - merge.yours.keys() - merge.result.keys()
    return sorted(path for path in gone if _is_there(project, path))


def _is_there(project: Path, path: str) -> bool:
    """Whether a file lies at that very path, and not beyond a link of the user's."""
    place = project / path
    linked = any(parent.is_symlink() for parent in place.parents if parent.is_relative_to(project))
    return os.path.lexists(place) and not linked


def _files(merge: Merge, untracked: Collection[str]) -> Iterator[FileUpdate]:
    for path in sorted({*merge.old, *merge.new, *merge.changed}):
        state = _state(merge, path, is_untracked=path in untracked)
        if state:
            yield FileUpdate(path=path, state=state)


def _state(merge: Merge, path: str, *, is_untracked: bool) -> FileState | None:
    old, yours, new, result = (
        tree.get(path) for tree in (merge.old, merge.yours, merge.new, merge.result)
    )
    if path in merge.stages:
        return "conflict"
    if yours == result:
        if yours or is_untracked:
            return "unchanged"
        return "kept-deleted" if new else None
    if not result:
        return "deleted"
    if not yours:
        return "added" if result == new else "merged"
    return "updated" if yours == old else "merged"
