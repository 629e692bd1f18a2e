"""The core names its steps to whoever listens, and prints nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from option_matrix import DEFAULTS, OPTIONS
from template_history import LAST

from stackgen.errors import DestinationError
from stackgen.progress import listening, step
from stackgen.project.creation import generate
from stackgen.project.drift import drift
from stackgen.updating.applying import update


def test_steps_are_told_with_what_is_around_them() -> None:
    told: list[str | None] = []
    with step("Nobody hears"), listening(told.append):
        with step("Outer"):
            with pytest.raises(ValueError, match="inside"), step("Inner"):
                raise ValueError("inside")
            with step("Last"):
                pass
        other = threading.Thread(target=lambda: step("Another thread's").__enter__())
        other.start()
        other.join()
    with step("Nobody hears"):
        pass
    assert told == ["Outer", "Inner", "Outer", "Last", "Outer", None]


def steps_of(call, *arguments, **named) -> list[str]:
    told: list[str | None] = []
    with listening(told.append):
        call(*arguments, **named)
    assert told[-1] is None
    return [words for words in told if words]


@pytest.mark.proof
def test_making_a_project_has_steps(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    values = OPTIONS.resolve(next(iter(DEFAULTS.values()))).values
    expected = ["Rendering the project", "Making the git repository"]
    assert steps_of(generate, tmp_path / "shop", values) == expected
    with pytest.raises(DestinationError), listening(pytest.fail):
        generate(tmp_path / "shop", values)
    assert capfd.readouterr() == ("", "")


def test_an_update_and_a_comparison_have_steps(project, history, capfd) -> None:
    source = history.source(LAST)
    assert steps_of(lambda: list(drift([project, project.parent], template=source))) == [
        "Comparing project 1 of 2",
        "Comparing project 2 of 2",
    ]
    assert steps_of(update, project, template=source) == [
        "Rendering v1.0.0",
        "Rendering v1.5.0",
        "Merging",
        "Changing the files",
    ]
    assert capfd.readouterr() == ("", "")
