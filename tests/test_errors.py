"""Errors name inputs; a face names its own."""

from __future__ import annotations

import pickle

import pytest

from stackgen.errors import AnswerError, CombinationError, StackgenError


def test_inputs_are_called_as_a_face_calls_them() -> None:
    error = CombinationError.contradiction("undo", "dry_run")
    assert str(error) == "`undo` and `dry_run` contradict each other. Give one of them."
    renamed = error.renamed(lambda name: f"--{name.replace('_', '-')}")
    assert str(renamed) == "`--undo` and `--dry-run` contradict each other. Give one of them."
    assert str(CombinationError("{} needs {}.", "{a}", "b")) == "`{a}` needs `b`."


@pytest.mark.parametrize(
    "error", [AnswerError("`x` is wrong.", remedy="answers"), CombinationError("{} alone.", "diff")]
)
def test_an_error_comes_whole_out_of_another_process(error: StackgenError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert (str(again), again.remedy) == (str(error), error.remedy)
