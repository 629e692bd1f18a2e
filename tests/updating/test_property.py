"""Whatever a person does to a project, an update loses none of it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from template_history import TAGS, commit, git, snapshot

from stackgen.updating.applying import undo_update, update
from stackgen.updating.planning import plan_update

PATHS = (
    "README.md",
    "app/__init__.py",
    "app/main.py",
    "app/models.py",
    "assets/one.txt",
    "data.bin",
    "docs/guide.md",
    "extras/one.py",
    "extras/two.py",
    "legacy.py",
    "plan",
    "scripts/run.sh",
    "settings.py",
    "tests/test_main.py",
    "späte Datei.txt",
)
# Names that the template takes later are among them.
TARGETS = (
    "app/api.py",
    "docs/manual.md",
    "own.py",
    "tools/run.sh",
    "tools",
    "a b/ö.txt",
    "CHANGELOG.md",
)


@dataclass(frozen=True)
class Edit:
    """Something done to one file."""

    kind: str
    path: str
    line: int
    count: int
    target: str

    def make(self, project: Path, number: int) -> None:
        file = project / self.path
        if not file.is_file():
            return
        lines = file.read_bytes().splitlines(keepends=True)
        at = self.line % (len(lines) + 1)
        mine = [f"mine-{number}-{part}\n".encode() for part in range(self.count)]
        if self.kind == "insert":
            file.write_bytes(b"".join([*lines[:at], *mine, *lines[at:]]))
        elif self.kind == "replace":
            file.write_bytes(b"".join([*lines[:at], *mine, *lines[at + self.count :]]))
        elif self.kind == "remove":
            file.write_bytes(b"".join([*lines[:at], *lines[at + self.count :]]))
        elif self.kind == "delete":
            file.unlink()
        elif self.kind == "cut":  # no line end at the end
            file.write_bytes(b"".join([*lines[:at], *mine]).rstrip(b"\n"))
        else:
            target = project / self.target
            if not target.exists() and not target.parent.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                file.rename(target)


edits = st.lists(
    st.builds(
        Edit,
        kind=st.sampled_from(["insert", "insert", "replace", "remove", "delete", "cut", "move"]),
        path=st.sampled_from(PATHS),
        line=st.integers(0, 25),
        count=st.integers(1, 4),
        target=st.sampled_from(TARGETS),
    ),
    min_size=1,
    max_size=12,
)


def own_lines(project: Path) -> set[bytes]:
    return {
        line
        for _, content in snapshot(project).values()
        for line in content.splitlines()
        if line.startswith(b"mine-")
    }


def check(pristine, history, made, tag):
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(pristine, Path(folder).resolve() / "shop"))
        for number, edit in enumerate(made):
            edit.make(project, number)
        commit(project)
        before, expected = snapshot(project), own_lines(project)
        source = history.source(tag)
        planned = plan_update(project, template=source)
        assert snapshot(project) == before
        result = update(project, template=source)
        after = snapshot(project)
        assert own_lines(project) == expected
        assert result.files == planned.files
        unmerged = {
            line.split("\t")[1] for line in git("ls-files", "-uz", cwd=project).split("\0") if line
        }
        assert unmerged == set(result.conflicts)
        marked = {path for path, (_, text) in after.items() if b"\n<<<<<<< " in b"\n" + text}
        assert marked <= unmerged
        for file in result.files:
            if file.state == "kept-deleted":
                assert file.path not in before
                assert file.path not in after
        undo_update(project)
        assert snapshot(project) == before
        assert git("status", "--porcelain", cwd=project) == ""


@pytest.fixture(scope="module")
def _renders_once(cached_renderer):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stackgen.updating.planning.Renderer", cached_renderer)
        yield


RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.usefixtures("_renders_once")
@settings(max_examples=8, suppress_health_check=RELAXED, derandomize=True, database=None)
@given(made=edits)
@example(made=[Edit("move", "README.md", 0, 1, "tools")])  # a file where a folder comes
@example(made=[Edit("move", "legacy.py", 0, 1, "own.py"), Edit("insert", "own.py", 3, 2, "")])
@pytest.mark.proof
def test_no_line_is_lost(pristine, history, made):
    check(pristine, history, made, TAGS[-1])


@pytest.mark.proof
@pytest.mark.usefixtures("_renders_once")
@settings(max_examples=25, suppress_health_check=RELAXED, phases=[Phase.explicit, Phase.generate])
@given(made=edits, tag=st.sampled_from(TAGS[1:]))
def test_no_line_is_lost_to_any_release(pristine, history, made, tag):
    check(pristine, history, made, tag)
