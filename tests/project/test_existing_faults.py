"""A project in a folder that is there, cut short: all of it came, or nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run
from killing import kill_everywhere, signal_everywhere
from template_history import PERSON, commit, git, snapshot

from stackgen.changes import transaction
from stackgen.errors import RenderError
from stackgen.project.creation import generate
from stackgen.template import source
from stackgen.template.loading import load_options

NEW = ("new", "PROJECT", "--framework", "flask", "--quiet", "--existing", "merge")
PLACES = ("empty", "documents", "clone", "unborn", "without git")


@pytest.fixture(autouse=True)
def identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PERSON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of each kind that can be filled."""
    place, kind = tmp_path / "shop", request.param
    place.mkdir()
    if kind != "empty":
        (place / "README.md").write_text("# Words of our own\n")
        (place / ".gitignore").write_text("*.log\n")
    if kind in {"clone", "unborn", "without git"}:
        git("init", "-q", "-b", "trunk", cwd=place)
    if kind in {"clone", "without git"}:
        commit(place)
    return place


def words(request: pytest.FixtureRequest) -> tuple[str, ...]:
    kind = request.node.callspec.params["folder"]
    return (*NEW, "--no-git") if kind == "without git" else NEW


SOME, ALL = 83, 1


@pytest.mark.parametrize(
    ("folder", "every"),
    [
        *(pytest.param(place, SOME, marks=pytest.mark.proof) for place in ("clone", "without git")),
        *(pytest.param(place, ALL, marks=pytest.mark.soak) for place in PLACES),
    ],
    indirect=["folder"],
)
def test_killed_at_any_step(
    tmp_path: Path, folder: Path, every: int, request: pytest.FixtureRequest
) -> None:
    """The next run puts it right and makes the project, or finds that it was made."""
    told = kill_everywhere(folder, tmp_path / "kills", *words(request), every=every)
    assert told["code"] == 0
    assert {found["killed"] for found in told["found"]} >= {"between"}
    for found in told["found"]:
        assert found["next_run"] == "after", found
        # Where it was made before the kill, the folder is a project, and none goes there.
        assert found["next_code"] in {0, 2}, found
        assert found["strays"] == [], found


@pytest.mark.parametrize(
    ("folder", "every"),
    [
        pytest.param("empty", 97, marks=pytest.mark.proof),
        *(pytest.param(place, 29, marks=pytest.mark.soak) for place in ("empty", "clone")),
    ],
    indirect=["folder"],
)
def test_an_update_moves_back_what_was_killed(tmp_path: Path, folder: Path, every: int) -> None:
    told = kill_everywhere(
        folder, tmp_path / "kills", *NEW, every=every, next_command=("update", "PROJECT")
    )
    for found in told["found"]:
        expected = {"before": 2, "after": 0}
        assert found["next_code"] == expected[found["next_run"]], found
        assert found["strays"] == [], found


@pytest.mark.proof
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("folder", ["clone"], indirect=True)
def test_what_is_said_of_an_interruption_is_true(tmp_path: Path, folder: Path, number: int) -> None:
    told = signal_everywhere(folder, tmp_path / "signals", number, *NEW, every=61)
    assert {found["state"] for found in told["found"]} >= {"before"}
    for found in told["found"]:
        if found["state"] == "before":
            assert found["code"] == 130, found
            assert "Interrupted. Nothing was left behind." in found["said"]
        else:
            assert (found["state"], found["code"]) == ("after", 0), found
        assert found["strays"] == [], found


def make(folder: Path) -> None:
    options = load_options(source.template_root())
    values = options.resolve({"framework": "flask"}, defaults={"project_name": "shop"}).values
    generate(folder, values, existing="merge")


@pytest.mark.parametrize("folder", ["empty", "documents", "clone", "unborn"], indirect=True)
@pytest.mark.proof
def test_a_move_that_fails_moves_everything_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, real = [], transaction.move

    def fail(source: Path, target: Path) -> None:
        if len(moved) > 30:
            raise OSError(28, "No space left on device")
        moved.append(target)
        real(source, target)

    before = snapshot(folder)
    monkeypatch.setattr(transaction, "move", fail)
    with pytest.raises(RenderError, match=r"No space left on device\. Nothing was kept"):
        make(folder)
    assert snapshot(folder) == before
    assert [path.name for path in folder.iterdir() if "staging" in path.name] == []


@pytest.mark.parametrize("folder", ["clone"], indirect=True)
@pytest.mark.proof
def test_who_went_on_by_hand_after_a_kill_loses_nothing(tmp_path: Path, folder: Path) -> None:
    """Killed between the index and the commit: a person commits what is staged, and goes on."""
    script = (
        "import os, signal, sys\n"
        "from stackgen.changes import transaction\n"
        "transaction.finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.argv[1:] = ['new', 'shop', '--defaults', '--existing', 'keep']\n"
        "from stackgen.__main__ import main\n"
        "main()\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert git("rev-list", "--count", "HEAD", cwd=folder) == "1"
    other = shutil.copytree(folder, tmp_path / "other/shop", symlinks=True)

    git("commit", "-qm", "By hand", cwd=folder)
    assert run("update", "shop", "--check", cwd=tmp_path).returncode == 0
    assert run("update", "shop", cwd=tmp_path).returncode == 0
    assert git("log", "--format=%s", cwd=folder).split("\n") == ["By hand", "mine"]
    assert git("status", "--porcelain", cwd=folder) == ""

    # Whoever did nothing gets the commit that was missing.
    assert run("update", "shop", cwd=tmp_path / "other").returncode == 0
    assert git("log", "--format=%s", cwd=other).startswith("Start from stackgen")
    assert git("status", "--porcelain", cwd=other) == ""


@pytest.mark.parametrize("folder", ["clone"], indirect=True)
@pytest.mark.proof
def test_a_commit_that_git_refuses_is_said(tmp_path: Path, folder: Path) -> None:
    (folder / ".git/refs/heads/trunk.lock").touch()
    done = run("new", "shop", "--defaults", "--existing", "keep", cwd=tmp_path)
    assert done.returncode == 0
    assert "git refused the commit: commit them" in done.stdout
    (folder / ".git/refs/heads/trunk.lock").unlink()
    assert run("update", "shop", cwd=tmp_path).returncode == 0
    assert git("rev-list", "--count", "HEAD", cwd=folder) == "2"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    command = f"{sys.executable} -m stackgen new . --defaults"
    script = (
        f"mount -t tmpfs -o size=64k tmpfs {tmp_path} && cd {tmp_path} && "
        f"echo '# words' >README && {command} --set project_name=shop; echo code $?; ls -A"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if "code" not in done.stdout:
        pytest.skip(f"no private mount here: {done.stderr.strip()}")
    assert done.stdout == "code 1\nREADME\n"
