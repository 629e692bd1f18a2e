"""Updates that are cut short: the project is as it was, or wholly updated."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from template_history import LAST, commit, git, snapshot

from stackgen.errors import RenderError, StackgenError
from stackgen.updating.planning import undo_update, update

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
ROUNDS = 12

SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from stackgen.__main__ import main
from stackgen.template import source
from template_history import TemplateHistory
installed = TemplateHistory(Path({repository!r})).source({tag!r})
source.installed = lambda: installed
sys.argv = ["stackgen", "update", {project!r}]
main()
"""


def edit(project):
    text = (project / "app/main.py").read_text()
    (project / "app/main.py").write_text(text.replace("main line 12\n", "mine-1\n"))
    commit(project)


def command(project, history):
    script = SCRIPT.format(
        tests=str(Path(__file__).parents[1]),
        repository=str(history.repository),
        tag=LAST,
        project=str(project),
    )
    return [sys.executable, "-c", script]


def whole(project):
    """All that an update may change: the files, the index, and what git keeps beside them."""
    return snapshot(project), git("ls-files", "-s", cwd=project)


def strays(project):
    return [
        path.name
        for path in (project / ".git").iterdir()
        if path.name.startswith("stackgen-update") or path.name.endswith(".lock")
    ]


@pytest.fixture
def updated(project, history, tmp_path):
    """What the project is after an update that nothing disturbed."""
    import shutil

    edit(project)
    other = tmp_path / "other/shop"
    shutil.copytree(project, other, symlinks=True)
    update(other, template=history.source(LAST))
    return whole(other)


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.proof)])
def test_failure_at_any_file_moves_everything_back(project, history, updated, monkeypatch, step):
    before = whole(project)
    moved = Path.rename
    number, failed = 1, True
    while failed:
        count, failed = 0, False

        def fail(self, target, at=number):
            nonlocal count, failed
            count += 1
            if count == at:  # what is moved back afterwards does not fail again
                failed = True
                raise OSError(28, "No space left on device")
            return moved(self, target)

        monkeypatch.setattr(Path, "rename", fail)
        told = ""
        try:
            update(project, template=history.source(LAST))
        except RenderError as error:
            told = str(error)
        if failed:
            assert "No space left on device. Nothing was changed." in told
            assert whole(project) == before
            assert strays(project) == []
        number += step
    assert number > 30
    assert whole(project) == updated
    assert strays(project) == []


def test_killed_at_any_file_is_put_back_by_the_next_update(
    project, history, updated, tmp_path, monkeypatch
):
    import shutil

    before = whole(project)
    moved = Path.rename

    class Killed(BaseException):
        pass

    for at in (1, 2, 3, 9, 20, 30):
        broken = tmp_path / f"broken-{at}/shop"
        shutil.copytree(project, broken, symlinks=True)
        count = 0

        def kill(self, target, at=at):
            nonlocal count
            count += 1
            if count == at:
                raise Killed
            return moved(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", kill)
            # Nothing after the blow runs: no handler, no cleaning up.
            patch.setattr("stackgen.updating.transaction.shutil.rmtree", lambda *_, **__: None)
            with pytest.raises(Killed):
                update(broken, template=history.source(LAST))
        result = update(broken, template=history.source(LAST))
        assert result.conflicts == ("app/main.py",)
        assert whole(broken) == updated
    assert whole(project) == before


def test_interrupted_while_it_merges(project, history, monkeypatch):
    before = whole(project)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("stackgen.updating.transaction._stage_index", interrupt)
    with pytest.raises(KeyboardInterrupt):
        update(project, template=history.source(LAST))
    assert whole(project) == before
    assert strays(project) == []


def test_project_that_changes_meanwhile(project, history, monkeypatch):
    from stackgen.updating import transaction as exchange

    stage = exchange._stage_index

    def meddle(*arguments):
        stage(*arguments)
        (project / "app/main.py").write_text("changed meanwhile\n")

    monkeypatch.setattr("stackgen.updating.transaction._stage_index", meddle)
    with pytest.raises(StackgenError, match="changed meanwhile"):
        update(project, template=history.source(LAST))
    assert (project / "app/main.py").read_text() == "changed meanwhile\n"
    assert git("status", "--porcelain", cwd=project) == " M app/main.py"
    assert strays(project) == []


def test_project_that_changes_between_check_and_exchange(project, history, monkeypatch):
    from stackgen.updating import planning

    look = planning._untracked

    def meddle(*arguments):
        (project / "app/main.py").write_text("changed meanwhile\n")
        return look(*arguments)

    monkeypatch.setattr("stackgen.updating.planning._untracked", meddle)
    with pytest.raises(StackgenError, match=r"uncommitted changes: `app/main\.py`"):
        update(project, template=history.source(LAST))
    assert (project / "app/main.py").read_text() == "changed meanwhile\n"
    assert strays(project) == []


def test_second_update_leaves_one_at_work_alone(project, history, updated, monkeypatch):
    moved = Path.rename
    told = []

    def call_another(self, target):
        monkeypatch.setattr(Path, "rename", moved)  # once, with files on either side
        with pytest.raises(StackgenError) as refused:
            update(project, template=history.source(LAST))
        told.append(str(refused.value))
        return moved(self, target)

    def at_the_third(self, target, count=iter(range(99))):  # noqa: B008 - one count is meant
        return call_another(self, target) if next(count) == 3 else moved(self, target)

    monkeypatch.setattr(Path, "rename", at_the_third)
    update(project, template=history.source(LAST))
    assert told == [f"Another update of `{project}` is at work. Try again when it has ended."]
    assert whole(project) == updated
    assert strays(project) == []


def test_killed_update_is_put_back_by_undo(project, history, monkeypatch):
    before = whole(project)
    moved = Path.rename

    class Killed(BaseException):
        pass

    def kill(self, target, count=iter(range(99))):  # noqa: B008 - one count is meant
        if next(count) == 9:
            raise Killed
        return moved(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", kill)
        patch.setattr("stackgen.updating.transaction.shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            update(project, template=history.source(LAST))
    assert whole(project) != before
    assert undo_update(project)
    assert whole(project) == before
    with pytest.raises(StackgenError, match="no update to undo"):
        undo_update(project)


def test_update_that_failed_cannot_be_undone(project, history):
    """What is undone is the update that was made last, and never one that was not."""
    (project / ".git/index.lock").touch()
    with pytest.raises(StackgenError, match="git is at work"):
        update(project, template=history.source(LAST))
    (project / ".git/index.lock").unlink()
    (project / "app/main.py").write_text("mine\n")
    with pytest.raises(StackgenError, match="no update to undo"):
        undo_update(project)
    assert (project / "app/main.py").read_text() == "mine\n"

    git("checkout", "-q", ".", cwd=project)
    before = snapshot(project)
    update(project, template=history.source("v1.1.0"))
    git("add", "--all", cwd=project)
    git("commit", "-qm", "update", cwd=project)
    (project / ".git/index.lock").touch()
    with pytest.raises(StackgenError, match="git is at work"):
        update(project, template=history.source(LAST))
    (project / ".git/index.lock").unlink()
    undo_update(project)
    assert snapshot(project) == before


@pytest.mark.skipif(AS_ROOT, reason="permissions do not bind root")
@pytest.mark.parametrize("place", [".", "app", ".git"])
def test_unwritable(project, history, place):
    before = whole(project)
    (project / place).chmod(0o555)
    try:
        with pytest.raises(RenderError, match="Nothing was changed"):
            update(project, template=history.source(LAST))
    finally:
        (project / place).chmod(0o755)
    assert whole(project) == before


@pytest.mark.proof
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signals_at_random_points(project, history, updated, tmp_path, kind):
    import shutil

    before = whole(project)
    seen = set()
    start = time.monotonic()
    subprocess.run(command(shutil.copytree(project, tmp_path / "time/shop"), history), check=False)
    duration = time.monotonic() - start
    generator = random.Random(7)  # noqa: S311 - for times, not for secrets
    for number in range(ROUNDS):
        copy = tmp_path / f"{number}/shop"
        shutil.copytree(project, copy, symlinks=True)
        process = subprocess.Popen(
            command(copy, history), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        time.sleep(generator.uniform(0, duration * 1.1))
        process.send_signal(kind)
        process.communicate(timeout=60)
        state = whole(copy)
        seen.add("before" if state == before else "after" if state == updated else "between")
        if state not in (before, updated):
            assert kind == signal.SIGKILL
            update(copy, template=history.source(LAST))
            assert whole(copy) == updated
        elif kind != signal.SIGKILL:
            assert strays(copy) == []
    assert seen & {"before", "after"}


@pytest.mark.proof
@pytest.mark.skipif(not AS_ROOT, reason="mounting a small disk needs root")
def test_full_disk(project, history, tmp_path):
    """A disk with ever less room: up to some point it fails, and then it is whole."""
    before = whole(project)
    script = """
    set -e
    mount -t tmpfs -o size=$1 tmpfs "$2"
    cp -a "$3/." "$2"
    head -c 1G /dev/zero > "$2/.git/filler" 2>/dev/null || true
    truncate -s -$4 "$2/.git/filler"
    shift 4
    "$@" >/dev/null 2>&1 && code=0 || code=$?
    echo "code $code"
    cd "$DISK"
    rm .git/filler
    git status --porcelain | wc -l
    ls .git | grep -E 'stackgen-update|lock' || true
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    codes = []
    for room in (0, 8, 16, 32, 64, 128, 256, 4096):
        done = subprocess.run(
            [
                *("unshare", "--mount", "sh", "-c", script, "sh", "6M", str(disk), str(project)),
                *(f"{room}K", *command(disk, history)),
            ],
            env={**os.environ, "DISK": str(disk), "GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"cannot mount: {done.stderr}")
        code, changed, *left = done.stdout.splitlines()
        codes.append(code)
        assert left == [], room
        assert (changed.strip() == "0") == (code == "code 1"), (room, done.stdout)
    assert codes[0] == "code 1"
    assert codes[-1] in {"code 0", "code 3"}
    assert whole(project) == before
