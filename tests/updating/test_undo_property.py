"""Whatever a person does after an update, undo takes back what is the update's and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from template_history import LAST, commit, git, snapshot

from stackgen.errors import ProjectError
from stackgen.updating.applying import undo_update, update

PATHS = (
    "README.md",
    "app/api.py",
    "app/main.py",
    "app/models.py",
    "assets",
    "data.bin",
    "docs/manual.md",
    "legacy.py",
    "own.py",
    "plan/first.md",
    "settings.py",
    "tools/run.sh",
)
COMMANDS = {
    "commit": "git add --all && git commit -qm mine",
    "reset": "git reset -q --hard",
    "branch": "git checkout -qb other$RANDOM_NAME",
    "back": "git checkout -q main",
    "stash": "git stash -q",
    "pop": "git stash pop -q",
    "unstage": "git reset -q",
    "amend": "git add --all && git commit -q --amend -m other",
    "collect": "git reflog expire --expire=now --all && git gc -q --prune=now",
    "attributes": "echo '*.py text eol=crlf' >> .gitattributes",
    "filter": "git config filter.shift.clean 'tr a-z b-za' && "
    "git config filter.shift.smudge 'tr b-za a-z' && echo '*.md filter=shift' >> .gitattributes",
}

Files = Mapping[str, tuple[int, bytes]]


@dataclass(frozen=True)
class Deed:
    """Something that a person does to a file, or with git."""

    what: str
    path: str

    def do(self, project: Path, number: int) -> None:
        file = project / self.path
        if self.what in COMMANDS:
            command = COMMANDS[self.what].replace("$RANDOM_NAME", str(number))
            environment = {"PATH": "/usr/bin:/bin", "HOME": str(project.parent)}
            who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
            command = command.replace("git ", f"git {' '.join(who)} ")
            subprocess.run(
                ["sh", "-c", command],
                cwd=project,
                env=environment,
                check=False,
                capture_output=True,
            )
        elif self.what == "add":
            subprocess.run(["git", "add", self.path], cwd=project, check=False, capture_output=True)
        elif file.is_file() and self.what == "delete":
            file.unlink()
        elif file.is_file() and self.what == "mode":
            file.chmod(0o700)
        elif self.what == "write" and file.parent.is_dir() and not file.is_dir():
            file.write_text(f"mine {number}\n")


deeds = st.lists(
    st.builds(
        Deed,
        what=st.sampled_from(["write", "write", "add", "delete", "mode", *COMMANDS]),
        path=st.sampled_from(PATHS),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def updated(
    pristine: Path,
    history: Any,
    cached_renderer: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Files, Mapping[str, str]]:
    """A project after an update, what its files were, and what its index had."""
    folder = tmp_path_factory.mktemp("updated") / "shop"
    project = Path(shutil.copytree(pristine, folder, symlinks=True))
    (project / "app/main.py").write_text("mine\n")
    commit(project)
    before, index = snapshot(project), entries(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stackgen.updating.planning.Renderer", cached_renderer)
        assert update(project, template=history.source(LAST)).conflicts
    return project, before, index


def entries(project: Path) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in git("ls-files", "--stage", "-z", cwd=project).split("\0"):
        fields, _, path = line.partition("\t")
        found[path] = f"{found.get(path, '')} {fields}"
    return found


def beside(path: str, paths: set[str]) -> bool:
    """Whether a file is in the place of a folder of another."""
    return any(f"{path}/" in f"{other}/" or f"{other}/" in f"{path}/" for other in paths - {path})


def check(updated: tuple[Path, Files, Mapping[str, str]], done: list[Deed]) -> None:
    pristine, before, index_before = updated
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(pristine, Path(folder).resolve() / "shop", symlinks=True))
        after, index_after = snapshot(project), entries(project)
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        for number, deed in enumerate(done):
            deed.do(project, number)
        present, index = snapshot(project), entries(project)
        try:
            undone = undo_update(project)
        except ProjectError:
            taken, kept = set(), changed
            assert snapshot(project) == present
            assert entries(project) == index
        else:
            taken, kept = set(undone.files), set(undone.kept)
        result, index_result = snapshot(project), entries(project)
        assert taken <= changed
        for path in taken:
            assert present.get(path) in (after.get(path), before.get(path)), path
            assert result.get(path) == before.get(path), path
            assert index_result.get(path) == index_before.get(path), path
        for path in {*present, *result} - taken:
            assert result.get(path) == present.get(path), path
            assert index_result.get(path) == index.get(path) or beside(path, taken), path
        for path in kept - taken:
            is_as_written = present.get(path) == after.get(path)
            is_known = index.get(path) in (index_before.get(path), index_after.get(path))
            is_as_before = present.get(path) == before.get(path)
            assert not (is_as_written and is_known) or is_as_before or beside(path, changed), path


RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=25, suppress_health_check=RELAXED, derandomize=True, database=None)
@given(done=deeds)
@pytest.mark.proof
def test_only_what_is_the_updates_goes_back(updated, done):
    check(updated, done)


@pytest.mark.proof
@settings(max_examples=30, suppress_health_check=RELAXED, phases=[Phase.explicit, Phase.generate])
@given(done=deeds)
def test_only_what_is_the_updates_goes_back_ever(updated, done):
    check(updated, done)
