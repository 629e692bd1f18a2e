"""A signal ends the work wherever it comes, and says so by one exception."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from stackgen.signals import NUMBERS, interrupting

SCRIPT = """
import os, signal
from stackgen.signals import Interrupted, interrupting

class Field:
    def __set_name__(self, owner, name):
        {what}

try:
    with interrupting():
        class Model:
            field = Field()
except Interrupted:
    print("interrupted")
except RuntimeError:
    print("failed")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_a_class_is_made_is_a_signal(number: signal.Signals) -> None:
    """Python 3.11 raises a RuntimeError there, whatever was raised."""
    script = SCRIPT.format(what=f"os.kill(os.getpid(), {int(number)})")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "interrupted\n"


def test_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in NUMBERS]
    with interrupting():
        assert [signal.getsignal(number) for number in NUMBERS] != before
    assert [signal.getsignal(number) for number in NUMBERS] == before


def test_a_failure_stays_a_failure() -> None:
    script = SCRIPT.format(what="raise RuntimeError")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "failed\n"
