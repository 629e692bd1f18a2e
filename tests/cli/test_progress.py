"""A person at a terminal who waits is told for what; nobody else is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from command_line import read_json

pytestmark = pytest.mark.proof

NEW = ["-m", "stackgen", "new", "shop", "--framework", "flask", "--no-git"]
LINE = "Rendering the project..."

Start = Callable[..., pexpect.spawn]


@pytest.fixture
def slow(program: Path, tmp_path: Path) -> Path:
    """The program with a template that takes longer than anybody waits in the dark."""
    copy = Path(shutil.copytree(program, tmp_path / "program"))
    for number in range(100):
        page = copy / f"templates/flask/app/page_{number}.py.jinja"
        page.write_text("# {{ description | length }}\n" * 3)
    return copy


@pytest.fixture
def start(tmp_path: Path) -> Start:
    (tmp_path / "work").mkdir()

    def spawn(*words: str, program: Path, terminal: str = "xterm") -> pexpect.spawn:
        child = pexpect.spawn(
            sys.executable,
            [*words],
            cwd=str(tmp_path / "work"),
            env={**os.environ, "PYTHONPATH": str(program / "src"), "TERM": terminal},
            encoding="utf-8",
            dimensions=(30, 60),
            timeout=60,
        )
        child.delaybeforesend = 0.02
        return child

    return spawn


def finish(child: pexpect.spawn) -> tuple[int | None, str]:
    """The exit code and all that was written, with control characters."""
    child.expect(pexpect.EOF)
    child.close()
    assert isinstance(child.before, str)
    return child.exitstatus, child.before


def left_on_screen(written: str) -> str:
    """What a person sees in the end: a line is erased from its beginning on."""
    return re.sub(r"[^\n]*\r\x1b\[K", "", written)


def test_a_wait_is_explained_and_leaves_no_trace(start: Start, slow: Path) -> None:
    code, written = finish(start(*NEW, program=slow))
    assert (code, written.count(LINE)) == (0, 1)
    seen = left_on_screen(written)
    assert seen.startswith("Made shop with Flask")
    assert "Rendering" not in seen
    assert "\x1b" not in seen


def test_an_interrupted_wait_leaves_no_trace_either(start: Start, slow: Path) -> None:
    child = start(*NEW, program=slow)
    child.expect(re.escape(LINE))
    child.sendintr()
    code, written = finish(child)
    assert code == 130
    assert left_on_screen(written).removeprefix("^C") == (
        "stackgen: Interrupted. Nothing was left behind.\r\n"
    )
    assert not list((slow.parent / "work").iterdir())


@pytest.mark.parametrize(("words", "terminal"), [([], "dumb"), (["--linear"], "xterm")])
def test_where_nothing_can_be_erased_a_wait_is_a_line_that_stays(
    start: Start, slow: Path, words: list[str], terminal: str
) -> None:
    code, written = finish(start(*NEW, *words, program=slow, terminal=terminal))
    assert code == 0
    assert written.startswith(f"{LINE}\r\n")
    assert written.count(LINE) == 1
    assert "\x1b" not in written


@pytest.mark.parametrize("words", [["--json"], ["--quiet"]])
def test_where_a_program_reads_nothing_is_shown(start: Start, slow: Path, words: list[str]) -> None:
    code, written = finish(start(*NEW, *words, program=slow))
    assert code == 0
    assert "Rendering" not in written
    assert "\x1b" not in written
    if "--json" in words:
        assert read_json(["new", "--json"], written)


def test_without_a_terminal_nothing_is_shown(slow: Path, start: Start) -> None:
    child = start(
        "-c",
        "import subprocess, sys; "
        f"subprocess.run([sys.executable, *{NEW!r}], stderr=open('err', 'w'))",
        program=slow,
    )
    code, written = finish(child)
    assert code == 0
    assert written.startswith("Made shop with Flask")
    assert (slow.parent / "work/err").read_text() == ""


QUICK = """
import sys, time
from stackgen.cli.progress import shown
from stackgen.progress import step
print("before")
with shown([]):
    with step("Quick"): time.sleep(0.1)
    time.sleep(float(sys.argv[1]))
    with step("Wide " + "x" * 99): time.sleep(0.05)
print("after")
"""


@pytest.mark.parametrize("pause", ["0", "0.4"])
def test_a_short_wait_shows_nothing_and_a_long_line_is_cut(
    start: Start, program: Path, pause: str
) -> None:
    _, written = finish(start("-c", QUICK, pause, program=program))
    assert "Quick" not in written
    assert ("Wide" in written) is (pause != "0")
    assert left_on_screen(written) == "before\r\nafter\r\n"
    assert all(len(line) < 60 for line in re.split(r"\r\x1b\[K|\r\n", written))


def test_a_closed_terminal_is_no_failure(program: Path, tmp_path: Path) -> None:
    """The reader has gone while the line is shown."""
    script = (
        "import os, pty, sys, time\n"
        "main, other = pty.openpty(); os.dup2(other, 2); os.close(other)\n"
        "from stackgen.cli.progress import shown\nfrom stackgen.progress import step\n"
        "with shown([]):\n"
        "    with step('Long'):\n"
        "        time.sleep(0.5); os.close(main); time.sleep(0.1)\n"
        "print('done')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(program / "src"), "TERM": "xterm"},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "done\n")
