"""Updates that are cut short: the project is as it was, or wholly updated."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from killing import kill_everywhere, signal_everywhere
from template_history import LAST, commit, git, snapshot

from stackgen.errors import ProjectError, RenderError, StackgenError
from stackgen.updating.applying import undo_update, update
from stackgen.updating.planning import plan_update

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

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
    """All that an update may change: the files and the index."""
    return snapshot(project), git("ls-files", "-s", cwd=project)


def strays(project):
    return [
        path.name
        for path in (project / ".git").iterdir()
        if "stackgen" in path.name or path.name.endswith(".lock")
    ]


def smudge(project, script):
    """Have git run a script whenever it writes `docs/manual.md`, as a filter of the user's."""
    git("config", "filter.mine.smudge", f"{script}; cat", cwd=project)
    (project / ".gitattributes").write_text("docs/manual.md filter=mine\n")
    commit(project)


@pytest.fixture
def updated(project, history, tmp_path):
    """What the project is after an update that nothing disturbed."""
    edit(project)
    other = tmp_path / "other/shop"
    shutil.copytree(project, other, symlinks=True)
    update(other, template=history.source(LAST))
    return whole(other)


@pytest.mark.parametrize(
    ("every", "inside"),
    [
        pytest.param(19, True, marks=pytest.mark.proof, id="many steps in the project"),
        pytest.param(1, True, marks=pytest.mark.soak, id="every step in the project"),
        pytest.param(67, False, marks=pytest.mark.proof, id="steps elsewhere"),
    ],
)
def test_killed_at_any_step(project, history, tmp_path, every, inside):
    """Before: nothing. Between: the next run puts it right. After: it is whole, and goes back."""
    edit(project)
    source = {"repository": str(history.repository), "tag": LAST}
    told = kill_everywhere(
        project, tmp_path / "kills", "update", "PROJECT", every=every, inside=inside, **source
    )
    assert told["code"] == 3
    seen = {found["killed"] for found in told["found"]}
    assert seen >= {"before", "after"}
    for found in told["found"]:
        # A change that was made has open conflicts, which the next update refuses by name.
        expected = 2 if found["killed"] == "after" else 3
        assert (found["next_run"], found["next_code"]) == ("after", expected), found
        assert found["undone"] == "before", found
        assert found["strays"] == found["undone_strays"] == [], found


@pytest.mark.parametrize(
    "every", [pytest.param(19, marks=pytest.mark.proof), pytest.param(1, marks=pytest.mark.soak)]
)
def test_undo_killed_at_any_step(project, history, tmp_path, every):
    edit(project)
    update(project, template=history.source(LAST))
    words = ("update", "PROJECT", "--undo")
    told = kill_everywhere(project, tmp_path / "kills", *words, every=every, inside=True)
    assert told["code"] == 0
    assert told["found"]
    for found in told["found"]:
        assert found["next_run"] == "after", found
        assert found["strays"] == [], found


@pytest.mark.parametrize(
    "every",
    [pytest.param(29, marks=pytest.mark.proof), pytest.param(3, marks=pytest.mark.soak)],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_said_of_an_interruption_is_true(project, history, tmp_path, number, every):
    edit(project)
    source = {"repository": str(history.repository), "tag": LAST}
    told = signal_everywhere(
        project, tmp_path / "signals", number, "update", "PROJECT", every=every, **source
    )
    assert {found["state"] for found in told["found"]} == {"before", "after"}
    for found in told["found"]:
        if found["state"] == "before":
            assert found["code"] == 130, found
            assert "Interrupted. Nothing was left behind." in found["said"]
        else:
            assert found["code"] == 3, found
            assert "--undo" in found["said"]
        assert found["strays"] == [], found


def test_a_project_that_changes_meanwhile(project, history):
    smudge(project, "printf 'changed meanwhile\\n' >app/main.py")
    with pytest.raises(ProjectError, match=r"`app/main\.py` changed meanwhile"):
        update(project, template=history.source(LAST))
    assert (project / "app/main.py").read_text() == "changed meanwhile\n"
    assert git("status", "--porcelain", cwd=project) == " M app/main.py"
    assert strays(project) == []


def test_an_index_that_changes_meanwhile(project, history):
    (project / "own.py").write_text("mine\n")
    smudge(project, "unset GIT_INDEX_FILE; git rm -q --cached own.py")
    update(project, template=history.source(LAST))
    assert "D  own.py" in git("status", "--porcelain", cwd=project)
    undo_update(project)
    assert git("status", "--porcelain", cwd=project) == "D  own.py\n?? own.py"


@pytest.mark.proof
def test_a_second_update_leaves_one_at_work_alone(project, history, tmp_path):
    edit(project)
    started, go = tmp_path / "started", tmp_path / "go"
    smudge(project, f"touch {started}; while [ ! -e {go} ]; do sleep 0.02; done")
    first = subprocess.Popen(
        command(project, history), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not started.exists():
        time.sleep(0.02)
        assert first.poll() is None
    for call in (update, undo_update):
        arguments = {"template": history.source(LAST)} if call is update else {}
        with pytest.raises(StackgenError, match=r"Another stackgen is at work in .*"):
            call(project, **arguments)
    go.touch()
    out, said = first.communicate(timeout=60)
    assert first.returncode == 3, said
    assert b"conflict      app/main.py" in out
    assert strays(project) == []


def test_an_update_that_failed_cannot_be_undone(project, history):
    """What is undone is the update that was made last, and never one that was not."""
    before = snapshot(project)
    update(project, template=history.source("v1.1.0"))
    commit(project, "update")
    (project / ".git/index.lock").touch()
    for call in (plan_update, update):
        with pytest.raises(StackgenError, match=r"git is at work.*index\.lock"):
            call(project, template=history.source(LAST))
    with pytest.raises(StackgenError, match=r"git is at work.*index\.lock"):
        undo_update(project)
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


@pytest.mark.skipif(not AS_ROOT, reason="mounting needs root")
@pytest.mark.parametrize("folder", ["app", "docs", "tests"])
@pytest.mark.proof
def test_a_failure_at_a_file_moves_everything_back(project, history, tmp_path, folder):
    """A folder of the project is on another disk, to which files cannot be moved."""
    edit(project)
    before = whole(project)
    script = """
    set -e
    mount -t tmpfs tmpfs "$1"
    cp -a "$2/." "$1"
    shift 2
    "$@" && code=0 || code=$?
    echo "code $code"
    git status --porcelain
    """
    copy = Path(shutil.copytree(project / folder, tmp_path / folder))
    done = subprocess.run(
        [
            *("unshare", "--mount", "sh", "-c", script, "sh"),
            *(str(project / folder), str(copy), *command(project, history)),
        ],
        cwd=project,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    if "code" not in done.stdout:
        pytest.skip(f"cannot mount: {done.stderr}")
    assert done.stdout == "code 1\n"
    assert "Nothing was changed." in done.stderr
    assert whole(project) == before
    assert strays(project) == []


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
    said=$("$@" 2>&1 >/dev/null) && code=0 || code=$?
    echo "code $code"
    cd "$DISK"
    rm .git/filler
    git status --porcelain | wc -l
    ls .git | grep -E 'stackgen|lock' || true
    echo "$said"
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
        code, changed, *said = done.stdout.splitlines()
        codes.append(code)
        assert (changed.strip() == "0") == (code == "code 1"), (room, done.stdout)
        if code == "code 1":
            assert len(said) == 1, said
            assert re.search("No space left on device|Out of diskspace|The disk is full", said[0])
    assert codes[0] == "code 1"
    assert codes[-1] in {"code 0", "code 3"}
    assert whole(project) == before
