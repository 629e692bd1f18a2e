"""A signal ends the work wherever it comes, and says so by one exception."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from stackgen.signals import NUMBERS, Interrupted, finishing, going_on, interrupting

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


DROPPED = """
import signal, time, weakref
from stackgen.signals import Interrupted, interrupting

class Thing:
    pass

def work():
    thing = Thing()
    reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
    del thing
    time.sleep({seconds})

try:
    with interrupting():
        work()
        print("went on")
except Interrupted:
    print("interrupted")
"""


@pytest.mark.parametrize(("seconds", "said"), [(30, []), (0, ["went on"])])
def test_a_signal_that_python_drops_is_raised_again(seconds: int, said: list[str]) -> None:
    """In a callback of a weak reference it prints whatever is raised, and goes on."""
    script = DROPPED.format(seconds=seconds)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stdout.splitlines() == [*said, "interrupted"]
    assert done.stderr == ""


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


def test_what_is_finished_is_not_disturbed_but_what_goes_on_after_it_is() -> None:
    with interrupting() as work:
        with finishing("It is made."):
            pass
        os.kill(os.getpid(), signal.SIGTERM)  # The result is still to be told.
        assert (work.finished, work.ignored) == ("It is made.", True)

    def go_on() -> None:
        with finishing("It is made."):
            pass
        with going_on("It is made, but not looked at."):
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Interrupted), interrupting() as work:
        go_on()
    assert work.finished == "It is made, but not looked at."


def test_what_went_on_to_its_end_leaves_what_was_finished() -> None:
    with interrupting() as work:
        with finishing("It is made."):
            pass
        with going_on("It is made, but not looked at."):
            pass
        assert work.finished == "It is made."
        os.kill(os.getpid(), signal.SIGTERM)
        assert work.ignored
