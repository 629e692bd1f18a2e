"""Recommend Django or Flask, and render a starter repository that runs.

What is listed in `__all__` is the public interface; it is loaded when it is first used, so that
`stackgen --version` need not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackgen.advice.loading import load_questionnaire
    from stackgen.advice.questionnaire import Choice, Claim, Question, Questionnaire
    from stackgen.advice.recommendation import Recommendation, recommend
    from stackgen.errors import StackgenError
    from stackgen.project.creation import Generated, generate
    from stackgen.project.decision import Decision, decide
    from stackgen.project.drift import Drift, FileDrift, drift
    from stackgen.project.request import Request, request_project
    from stackgen.template.options import Option, Options, Resolved, load_options
    from stackgen.template.source import Source, template_root, version
    from stackgen.updating.applying import undo_update, update
    from stackgen.updating.outcome import FileUpdate, Update
    from stackgen.updating.planning import check_update, new_options, plan_update
    from stackgen.updating.request import UpdateRequest

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
    "Request",
    "Resolved",
    "Source",
    "StackgenError",
    "Update",
    "UpdateRequest",
    "check_update",
    "decide",
    "drift",
    "generate",
    "load_options",
    "load_questionnaire",
    "new_options",
    "plan_update",
    "recommend",
    "request_project",
    "template_root",
    "undo_update",
    "update",
    "version",
]

_HOMES = {
    "project.decision": ("Decision", "decide"),
    "errors": ("StackgenError",),
    "project.creation": ("Generated", "generate"),
    "template.options": ("Option", "Options", "Resolved", "load_options"),
    "project.drift": ("Drift", "FileDrift", "drift"),
    "project.request": ("Request", "request_project"),
    "updating.applying": ("undo_update", "update"),
    "updating.outcome": ("FileUpdate", "Update"),
    "updating.planning": ("check_update", "new_options", "plan_update"),
    "updating.request": ("UpdateRequest",),
    "advice.questionnaire": ("Choice", "Claim", "Question", "Questionnaire"),
    "advice.loading": ("load_questionnaire",),
    "advice.recommendation": ("Recommendation", "recommend"),
    "template.source": ("Source", "template_root", "version"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module `stackgen` has no attribute `{name}`")
    return getattr(import_module(f"stackgen.{_HOME_OF[name]}"), name)
