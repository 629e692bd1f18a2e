"""The answers file of a repository that is adopted: written whole, and committed alone."""

from __future__ import annotations

from pathlib import Path

import yaml

from stackgen import git, signals
from stackgen.adoption.recorded import Recorded
from stackgen.changes import transaction
from stackgen.changes.checkout import add_files, copy_index, index_entries
from stackgen.changes.files import fingerprint
from stackgen.changes.folder import Folder
from stackgen.changes.guard import refuse_busy
from stackgen.changes.journal import Move, Reference
from stackgen.changes.work_tree import WorkTree, find_work_tree
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


def check_committable(path: Path) -> WorkTree:
    """Return the repository in which an answers file can be committed.

    Raises:
        ProjectError: The project is in none, is not committed there, or git is in the middle of
            something or knows no author.
    """
    work_tree = find_work_tree(path)
    refuse_busy(work_tree, then="commit")
    if not git.has_identity(work_tree.top):
        raise ProjectError(
            f"git knows no author in `{work_tree.top}`. Set `user.name` and `user.email` with "
            "`git config`, or commit it yourself."
        )
    return work_tree


def write(path: Path, text: str, *, tag: str, commit: bool) -> None:
    """Write the answers file: it is there whole, and committed if wanted, or nothing happened.

    Args:
        path: The project's directory.
        text: What it holds.
        tag: The version, for the commit's message.
        commit: Commit it; what else is staged stays staged.

    Raises:
        ProjectError: It cannot be committed, or something changed meanwhile.
        RenderError: It failed.
        OSError: It failed.
    """
    place = check_committable(path) if commit else Folder(top=path)
    with place.locked(), transaction.staging(place) as stage:
        name = path.joinpath(ANSWERS_FILE).relative_to(place.top).as_posix()
        file = stage / "new" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        move = Move(name, before=fingerprint(place.top / name), after=fingerprint(file))
        reference = Reference("", "")
        if isinstance(place, WorkTree):
            reference = _commit(place, stage, name, f"Follow stackgen {tag}")
        with signals.finishing(f"`{path}` follows {tag.removeprefix('v')}."):
            transaction.apply(place, stage, [move], reference)


def _commit(work_tree: WorkTree, stage: Path, name: str, message: str) -> Reference:
    """Make a commit of one file, from what is committed and not from what is staged."""
    copy_index(work_tree, stage)
    add_files(work_tree, stage, [name])
    [[mode, content, _]] = index_entries(work_tree, [name], stage / "index")[name]
    index = {"GIT_INDEX_FILE": str(stage / "index.commit")}
    repository = work_tree.git
    repository.text("read-tree", work_tree.head, environment=index)
    entry = f"{mode} {content}\t{name}\0"
    repository.text("update-index", "-z", "--index-info", stdin=entry, environment=index)
    tree = repository.text("write-tree", "--missing-ok", environment=index)
    commit = repository.text("commit-tree", tree, "-p", work_tree.head, "-m", message)
    return Reference("HEAD", commit, work_tree.head, f"commit: {message}")
