"""Every choice can be changed, and taken back, in a project that somebody works on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from newcomer import Installed, run
from option_matrix import (
    COVERING,
    OPTIONS,
    PAIRWISE,
    PLAIN,
    Answers,
    allowed_values,
    is_refused,
    label,
)
from template_history import commit, git

KEPT = ":(exclude)migrations/*"
"""Migrations of an option stay when it goes: databases may have run them."""
TEXTS = {"title": "Another title", "description": "Something else.", "author_name": "Grace"}


def alternatives(row: Answers) -> Iterator[tuple[str, Any]]:
    """Another value for each option of a row that can have one."""
    values = dict(OPTIONS.resolve({k: v for k, v in row.items() if k in OPTIONS.by_id}).values)
    for name, option in OPTIONS.settable.items():
        if name == "framework":  # it stays: update refuses another one
            continue
        if name in TEXTS:
            yield name, TEXTS[name]
        elif option.allowed:
            others = [value for value in allowed_values(option) if value != values[name]]
            fitting = [value for value in others if not is_refused(values | {name: value})]
            if fitting:
                yield name, fitting[0]


def words(settings: Mapping[str, Any]) -> list[str]:
    spelled = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in settings.items()
    }
    return [f"--set={name}={value}" for name, value in spelled.items()]


def edit(project: Path) -> None:
    """A product begins: its own files, lines in files of the template, and one file less."""
    (project / "shop.py").write_text('"""What is sold."""\n')
    for name in ("README.md", ".gitignore"):
        with (project / name).open("a") as file:
            file.write("\n# Ours\n")
    # Not at its end, which is another one where there are no pages or no database.
    security = project / "SECURITY.md"
    security.write_text(security.read_text().replace("\n", "\n\n# Ours\n", 1))
    (project / ".editorconfig").unlink()
    commit(project, "ours")


def first_changes() -> list[dict[str, Any]]:
    """For each row, the changes that no row of the same framework before it makes or takes back."""
    seen = set[tuple[Any, str, frozenset[str]]]()
    found = []
    for row in COVERING:
        made = {
            name: (row["framework"], name, frozenset({str(row.get(name)), str(value)}))
            for name, value in alternatives(row)
        }
        changes = {name: value for name, value in alternatives(row) if made[name] not in seen}
        seen |= set(made.values())
        found.append(changes)
    return found


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        pytest.param(row, changes, id=label(row))
        for row, changes in zip(COVERING, first_changes(), strict=True)
    ],
)
def test_every_option_goes_there_and_back(
    row: Answers, changes: Answers, installed: Installed, tmp_path: Path
) -> None:
    play(row, changes, installed, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("row", PAIRWISE, ids=label)
def test_every_option_goes_there_and_back_from_everywhere(
    row: Answers, installed: Installed, tmp_path: Path
) -> None:
    play(row, dict(alternatives(row)), installed, tmp_path)


def play(row: Answers, changes: Answers, installed: Installed, folder: Path) -> None:
    """Make the project of a row, edit it, and make each change and take it back."""
    path = folder / PLAIN["project_name"]
    chosen = {name: row[name] for name in OPTIONS.settable if name in row}
    installed.new(path, *words(chosen), framework=str(row["framework"]))
    values = yaml.safe_load((path / ".copier-answers.yml").read_text())
    edit(path)
    before = git("rev-parse", "HEAD", cwd=path)
    secrets = (path / ".env").read_bytes()
    for name, value in changes.items():
        for step in (value, values[name]):
            run(str(installed.program), "update", *words({name: step}), cwd=path)
            commit(path, f"{name}={step}")
            if step == value:
                changed = git("diff", "--name-only", before, "HEAD", cwd=path).split()
                assert ".copier-answers.yml" in changed, name
                assert "shop.py" not in changed
                assert not (path / ".editorconfig").exists()
        left = git("diff", before, "HEAD", "--", ".", KEPT, cwd=path)
        assert left == "", f"{name} went to {value} and back, and left:\n{left}"
    assert (path / ".env").read_bytes() == secrets
