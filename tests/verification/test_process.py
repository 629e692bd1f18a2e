"""Processes, started and ended for real."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from small_verification import running_in

from stackgen.signals import Interrupted, interrupting
from stackgen.verification import environment, process


def run(tmp_path: Path, *words: str, **more: Any) -> process.Ended:
    variables = environment.for_checks()
    return process.run(words, cwd=tmp_path, scratch=tmp_path, environment=variables, **more)


def assert_nothing_runs_in(folder: Path) -> None:
    """Nor for longer than a killed process needs to be gone."""
    deadline = time.monotonic() + 5
    while (running := running_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert running == []


def test_how_it_ends_is_told(tmp_path: Path) -> None:
    assert run(tmp_path, "sh", "-c", "echo a; exit 3") == process.Ended(3, "a\n")
    assert run(tmp_path, "sh", "-c", "kill -9 $$").how == "signal 9"
    assert run(tmp_path, "./none").output == "./none: No such file or directory"


@pytest.mark.parametrize(("limit", "said"), [(1, "still running after 1 s"), (90, "exit code 0")])
def test_it_has_its_time(tmp_path: Path, limit: float, said: str) -> None:
    """Also what it leaves in the background goes, and its exit code is not believed."""
    seconds = 30 if limit == 1 else 0
    script = f"trap 'exit 0' TERM; sleep 30 & sleep {seconds} & wait $!"
    ended = run(tmp_path, "sh", "-c", script, limit=limit)
    assert ended.how == said
    assert bool(ended.code) == (limit == 1)
    assert_nothing_runs_in(tmp_path)


def test_a_signal_right_after_the_start_leaves_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process runs, and its caller has not yet been told which one it is."""
    popen = subprocess.Popen

    def interrupted(*words: Any, **options: Any) -> subprocess.Popen[bytes]:
        begun = popen(*words, **options)
        if begun.args[0] == "sleep":
            os.kill(os.getpid(), signal.SIGTERM)
        return begun

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    with pytest.raises(Interrupted), interrupting():
        run(tmp_path, "sleep", "30")
    assert_nothing_runs_in(tmp_path)


def test_it_can_be_ended_by_the_signals_that_waited(tmp_path: Path) -> None:
    """What is started while signals wait hears of its own all the same."""
    assert run(tmp_path, "sh", "-c", "kill -TERM $$; sleep 30", limit=20).how == "signal 15"
