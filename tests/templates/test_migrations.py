"""Migrations of options: a folder each, which `stackgen update` knows, and a branch in Flask."""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from option_matrix import COMBINATIONS, OPTIONS, ROOT, Answers, label
from rendering import Render

MIGRATIONS = ROOT / "templates/flask/migrations"
FOLDERS = sorted(path for path in MIGRATIONS.iterdir() if list(path.glob("*.py")))


@pytest.mark.proof
@pytest.mark.parametrize("answers", COMBINATIONS, ids=label)
def test_folders_are_those_that_update_leaves_when_their_option_goes(
    render: Render, answers: Answers
) -> None:
    project = render(answers)
    told = OPTIONS.migrations(project.answers)
    paths = [PurePosixPath(name) for name in project.files]
    found = {str(path.parent) for path in paths if path.parts[0] == "migrations"}
    assert {one.folder for one in told} == found - {"migrations"}
    assert all(project.answers[one.option] for one in told)


def assigned(file: Path) -> dict[str, Any]:
    """What a migration tells Alembic; a value that depends on something counts as nothing."""
    found = {}
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            is_constant = isinstance(node.value, ast.Constant | ast.Tuple)
            found[node.target.id] = ast.literal_eval(node.value) if is_constant else None
    return found


def test_revisions_have_names_of_their_own() -> None:
    revisions = [assigned(file)["revision"] for file in MIGRATIONS.rglob("*.py")]
    assert len(set(revisions)) == len(revisions)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_folder_is_a_branch(folder: Path) -> None:
    first, *others = [assigned(file) for file in sorted(folder.glob("*.py"))]
    assert first["down_revision"] is None
    assert first["branch_labels"] == (folder.name,)
    own = {first["revision"], *(migration["revision"] for migration in others)}
    assert all(migration["down_revision"] in own for migration in others)
    assert all(migration["owns"] for migration in (first, *others))
