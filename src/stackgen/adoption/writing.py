"""The answers file of a repository that is adopted: written whole, and committed alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from stackgen import git, signals
from stackgen.adoption.committing import check_committable, stage_commit
from stackgen.adoption.recorded import Recorded, follows_already
from stackgen.changes import transaction
from stackgen.changes.files import fingerprint
from stackgen.changes.folder import Folder
from stackgen.changes.journal import Move, Reference
from stackgen.changes.work_tree import WorkTree
from stackgen.errors import ProjectError
from stackgen.project.record_text import edit_record
from stackgen.template.rendering import ANSWERS_FILE


def updated_record(recorded: Recorded, text: str) -> str:
    """Return the answers file that is written.

    Args:
        recorded: What the project records.
        text: The answers file that the template renders.

    Returns:
        That one; or the present one with its values, where a person's comments stay, and what
        stackgen itself recorded besides.
    """
    if recorded.content is None:
        return text
    present = recorded.content.decode("utf-8-sig")
    return edit_record(present, yaml.safe_dump(recorded.options, allow_unicode=True), text)


def write(path: Path, recorded: Recorded, text: str, *, tag: str, commit: bool) -> bool:
    """Write the answers file: it is there whole, and committed if wanted, or nothing happened.

    Args:
        path: The project's directory.
        recorded: What the project recorded before.
        text: What the file is to hold.
        tag: The version, for the commit's message.
        commit: Commit it; what else is staged stays staged. No commit is made where the last one
            has the very file.

    Returns:
        Whether a commit was made that the person's own git would have signed.

    Raises:
        ProjectError: It cannot be committed, or something changed meanwhile.
        RenderError: It failed.
        OSError: It failed.
    """
    place = check_committable(path) if commit else Folder(top=path)
    with place.locked(), transaction.staging(place) as stage:
        file = path / ANSWERS_FILE
        before = fingerprint(file)
        _refuse_changed(file, recorded, text, tag)
        name = file.relative_to(place.top).as_posix()
        new = stage / "new" / name
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(text.encode())
        if before:
            shutil.copymode(file, new)
        move = Move(name, before=before, after=fingerprint(new))
        reference = Reference("", "")
        if isinstance(place, WorkTree):
            reference = stage_commit(place, stage, name, f"Follow stackgen {tag}")
        with signals.finishing(f"`{path}` follows {tag.removeprefix('v')}."):
            transaction.apply(place, stage, [move], reference)
        return bool(reference.name) and git.signs_commits(place.top)


def _refuse_changed(file: Path, recorded: Recorded, text: str, tag: str) -> None:
    """Refuse an answers file that came or changed since it was read: the search takes seconds."""
    present = file.read_bytes() if fingerprint(file) else None
    if present == recorded.content:
        return
    if present == text.encode():
        raise follows_already(file.parent, tag)
    raise ProjectError(f"`{file}` changed meanwhile. Run it again.")
