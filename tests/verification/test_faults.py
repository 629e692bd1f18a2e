"""What ends a verification early: one clear line, a whole project, and nothing left of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import Done
from small_verification import PROJECT, Small, running_in
from template_history import git, snapshot

pytestmark = pytest.mark.proof

SLEEP = ".venv/bin/python -c \"import time; open('begun', 'w'); time.sleep(60)\""
STUBBORN = (
    '.venv/bin/python -c "import os, signal, subprocess, sys, time; '
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "open('begun', 'w'); time.sleep(60)\""
)


def start(small: Small, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        small.words(*words),
        cwd=small.work,
        env=small.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_begun(small: Small, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not list(small.temporary.glob(f"*/{PROJECT}/begun")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)


def interrupt(small: Small, process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send a signal once the slow command runs; return what was said on stderr."""
    wait_until_begun(small, process)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    small.assert_nothing_left()
    return said.splitlines()[-1]


def failure(done: Done) -> tuple[str, str]:
    """Return name and detail of the one step that failed."""
    (failed,) = (step for step in done.json["receipt"]["steps"] if step["state"] == "failed")
    return failed["name"], failed["detail"]


def slow(small: Small, run: str) -> None:
    small.says({**small.said, "checks": [{"name": "Slow", "run": run}]})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_verification_leaves_the_project_as_it_was(
    made: Small, number: signal.Signals
) -> None:
    slow(made, STUBBORN)
    before = snapshot(made.project)
    process = start(made, "verify", "shop", "--write")
    assert interrupt(made, process, number) == ("stackgen: Interrupted. Nothing was left behind.")
    assert process.returncode == 130
    assert snapshot(made.project) == before


def test_an_interrupted_server_ends_as_well(made: Small) -> None:
    serve = (
        '.venv/bin/python -c "import socket, time; '
        "s = socket.create_server(('127.0.0.1', {port})); open('begun', 'w'); time.sleep(60)\""
    )
    made.says({**made.said, "serve": serve})
    process = start(made, "verify", "shop")
    assert interrupt(made, process, signal.SIGINT) == (
        "stackgen: Interrupted. Nothing was left behind."
    )
    assert process.returncode == 130


def test_a_new_project_stays_when_its_verification_is_interrupted(small: Small) -> None:
    slow(small, SLEEP)
    process = start(small, "new", PROJECT, "--framework", "flask", "--verify")
    assert interrupt(small, process, signal.SIGINT) == (
        f"stackgen: `{small.project}` is made, but not verified. Interrupted."
    )
    assert process.returncode == 130
    assert git("status", "--porcelain", cwd=small.project) == ""
    assert git("rev-list", "--count", "HEAD", cwd=small.project) == "1"
    assert not (small.project / "docs/receipt.json").exists()


def in_small_mount(
    small: Small, place: Path, size: str, *words: str
) -> subprocess.CompletedProcess:
    """Run the program where a folder is a small file system of its own."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("only root may mount a small file system")
    script = f'mount -t tmpfs -o size={size} tmpfs "$0" && "$@"; code=$?; ls -A "$0"; exit $code'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, str(place), *small.words(*words)],
        cwd=small.work,
        env=small.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if "mount:" in done.stderr:
        pytest.skip(f"no private mount here: {done.stderr.strip()}")
    return done


@pytest.mark.parametrize(("size", "said"), [("64k", "No space left on device"), ("3m", "is full")])
def test_a_full_disk_is_one_line_and_leaves_nothing(made: Small, size: str, said: str) -> None:
    """The copy does not fit; then what a command writes does not."""
    fill = ".venv/bin/python -c \"open('big', 'wb').write(bytes(9000000))\""
    slow(made, fill)
    before = snapshot(made.project)
    done = in_small_mount(made, made.temporary, size, "verify", "shop", "--write", "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert said in line
    assert "`TMPDIR`" in line
    assert snapshot(made.project) == before


def test_a_new_project_stays_when_the_disk_is_full(small: Small) -> None:
    place = small.temporary
    words = ("new", PROJECT, "--framework", "flask", "--verify", "--quiet")
    done = in_small_mount(small, place, "64k", *words)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"stackgen: `{small.project}` is made, but not verified. ")
    assert line.endswith(f"Then run `stackgen verify {small.project} --write`.")
    assert git("status", "--porcelain", cwd=small.project) == ""


def test_files_that_may_not_grow_are_one_line(made: Small) -> None:
    """As a quota or `ulimit -f` has it; whoever ignores the signal gets an error instead."""
    slow(made, ".venv/bin/python -c \"open('big', 'wb').write(bytes(9000000))\"")
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400000, 400000))"
    done = made.run("verify", "shop", "--quiet", where=limited)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "Files may not become as large as it needs: see `ulimit -f`." in line


@pytest.mark.parametrize("said", ["File too large", "No space left on device", "Errno 28"])
def test_a_test_that_speaks_of_a_disk_is_a_test(made: Small, said: str) -> None:
    slow(made, f'.venv/bin/python -c "raise SystemExit({said!r})"')
    done = made.run("verify", "shop", "--json")
    assert failure(done) == ("Slow", f"exit code 1\n{said}")


def test_what_takes_too_long_fails_and_is_ended(made: Small) -> None:
    slow(made, STUBBORN)
    limited = "from stackgen.verification import making; making.LIMIT = 2"
    done = made.run("verify", "shop", "--json", where=limited)
    assert failure(done) == ("Slow", "still running after 2 s")
    assert done.json["receipt"]["steps"][-1]["state"] == "passed"


def test_a_killed_verification_takes_its_commands_along(made: Small) -> None:
    """Also what they started: nobody asks them to end."""
    slow(made, STUBBORN)
    process = start(made, "verify", "shop")
    wait_until_begun(made, process)
    assert len(running_in(made.temporary)) == 2
    process.kill()
    process.communicate(timeout=60)
    deadline = time.monotonic() + 30
    while running_in(made.temporary):
        assert time.monotonic() < deadline, running_in(made.temporary)
        time.sleep(0.05)


def test_a_python_that_is_too_old_is_refused_before_anything_is_made(small: Small) -> None:
    metadata = small.tree / "pyproject.toml.jinja"
    text = metadata.read_text()
    metadata.write_text(
        text.replace('requires-python = ">={{ python }}"', 'requires-python = ">=3.99"')
    )
    done = small.new("--verify")
    assert (done.returncode, done.stdout) == (2, "")
    here = ".".join(map(str, sys.version_info[:3]))
    assert done.stderr == (
        f"stackgen: `shop` needs Python `>=3.99`, and there is {here} here. Install one that is "
        "new enough, with `uv python install` say.\n"
    )
    assert not small.project.exists()


def test_a_python_that_is_too_old_for_a_project_is_refused(made: Small) -> None:
    metadata = made.project / "pyproject.toml"
    metadata.write_text(metadata.read_text().replace('">=3.11"', '">=3.99"', 1))
    done = made.run("verify", "shop")
    assert done.returncode == 2
    assert "`shop` needs Python `>=3.99`" in done.stderr


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("requires-python = ", "no-python = ", "does not say which Python the project needs"),
        ('">=3.11"', '"three"', "`requires-python` in"),
        ("[project]", "[project", "cannot be read as TOML"),
        ("[project]", f"a = {'9' * 5000}\n[project]", "cannot be read as TOML"),
        ("[project]", f"a = {'[' * 5000}\n[project]", "It is nested too deeply. Correct it."),
        ("[project]", f"a = 0x{'f' * 5000}\n[project]", "more than 64 bits. Correct it."),
    ],
)
def test_metadata_that_cannot_be_read_is_refused(
    made: Small, before: str, after: str, said: str
) -> None:
    metadata = made.project / "pyproject.toml"
    metadata.write_text(metadata.read_text().replace(before, after, 1))
    done = made.run("verify", "shop")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture
def uv() -> Path:
    place = Path(sys.executable).with_name("uv")
    if not place.exists():
        pytest.skip("uv comes with the test extra")
    return place


def test_an_index_that_cannot_be_reached_is_one_line(made: Small, uv: Path) -> None:
    """uv itself, at a port where nobody listens."""
    said = made.said
    said["installers"][0]["steps"] = [{"name": "Lock", "run": f"{uv} lock", "writes": "uv.lock"}]
    made.says(said)
    before = snapshot(made.project)
    cache = made.work / "cache"
    done = made.run(
        "verify", "shop", "--write", "--quiet",
        UV_DEFAULT_INDEX="http://127.0.0.1:9/simple", UV_CACHE_DIR=str(cache), UV_HTTP_RETRIES="0",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"stackgen: `{uv} lock` ended with exit code ")
    assert "The package index cannot be reached: see to the network, or to the index" in line
    assert snapshot(made.project) == before


def test_no_process_is_left_by_the_tests_of_this_file(tmp_path: Path) -> None:
    """`running_in` sees one, so that its silence means something."""
    process = subprocess.Popen(["sleep", "30"], cwd=tmp_path)
    try:
        # Right after the start it may have no command line yet.
        for _ in range(100):
            if (seen := running_in(tmp_path)) == ["sleep 30 "]:
                break
            time.sleep(0.05)
        assert seen == ["sleep 30 "]
    finally:
        process.kill()
        process.wait()
