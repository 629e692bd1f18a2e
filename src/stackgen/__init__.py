"""Recommend Django or Flask, and render a starter repository that runs.

What is listed in `__all__` is the public interface; it is loaded when it is first used, so that
`stackgen --version` need not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackgen.decision import Decision, decide
    from stackgen.errors import StackgenError
    from stackgen.generation import Generated, generate
    from stackgen.options import Option, Options, Resolved, load_options
    from stackgen.project_drift import Drift, FileDrift, drift
    from stackgen.project_update import (
        FileUpdate,
        Update,
        check_update,
        new_options,
        plan_update,
        undo_update,
        update,
    )
    from stackgen.questionnaire import Choice, Claim, Question, Questionnaire
    from stackgen.questions import load_questionnaire
    from stackgen.recommendation import Recommendation, recommend
    from stackgen.source import Source, template_root, version

__all__ = [
    "Choice",
    "Claim",
    "Decision",
    "Drift",
    "FileDrift",
    "FileUpdate",
    "Generated",
    "Option",
    "Options",
    "Question",
    "Questionnaire",
    "Recommendation",
    "Resolved",
    "Source",
    "StackgenError",
    "Update",
    "check_update",
    "decide",
    "drift",
    "generate",
    "load_options",
    "load_questionnaire",
    "new_options",
    "plan_update",
    "recommend",
    "template_root",
    "undo_update",
    "update",
    "version",
]

_HOMES = {
    "decision": ("Decision", "decide"),
    "errors": ("StackgenError",),
    "generation": ("Generated", "generate"),
    "options": ("Option", "Options", "Resolved", "load_options"),
    "project_drift": ("Drift", "FileDrift", "drift"),
    "project_update": (
        "FileUpdate",
        "Update",
        "check_update",
        "new_options",
        "plan_update",
        "undo_update",
        "update",
    ),
    "questionnaire": ("Choice", "Claim", "Question", "Questionnaire"),
    "questions": ("load_questionnaire",),
    "recommendation": ("Recommendation", "recommend"),
    "source": ("Source", "template_root", "version"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module `stackgen` has no attribute `{name}`")
    return getattr(import_module(f"stackgen.{_HOME_OF[name]}"), name)
