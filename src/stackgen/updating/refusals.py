"""What an update refuses, and the way back that it names."""

from __future__ import annotations

import shlex
from pathlib import Path

from stackgen.changes.guard import listed, refuse_busy
from stackgen.changes.undo_record import open_conflicts
from stackgen.changes.work_tree import WorkTree
from stackgen.errors import ProjectError
from stackgen.project.record import Project


def refuse_unfinished(project: Project, work_tree: WorkTree) -> None:
    """Refuse a project whose last update has open conflicts, or that git is in the middle of.

    Raises:
        ProjectError: It names the files and the way back, or what git is in the middle of.
    """
    if not work_tree.operation and (conflicts := open_conflicts(work_tree)):
        raise ProjectError(
            f"The last update of `{project.path}` has open conflicts: {listed(conflicts)}. Edit "
            "them, `git add` or `git rm` each, and commit; or take it back with "
            f"`{undo_command(project.path)}`."
        )
    refuse_busy(work_tree)


def undo_command(path: Path) -> str:
    """Return the command that takes the last update of a project back."""
    return shlex.join(["stackgen", "update", str(path), "--undo"])
