"""Recommend Django or Flask, and render a starter repository that runs.

What is listed in `__all__` is the public interface; it is loaded when it is first used, so that
`stackgen --version` need not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # `as` makes a name public for type checkers.
    from stackgen.advice.loading import load_questionnaire as load_questionnaire
    from stackgen.advice.questionnaire import Choice as Choice
    from stackgen.advice.questionnaire import Claim as Claim
    from stackgen.advice.questionnaire import Question as Question
    from stackgen.advice.questionnaire import Questionnaire as Questionnaire
    from stackgen.advice.recommendation import Recommendation as Recommendation
    from stackgen.advice.recommendation import recommend as recommend
    from stackgen.errors import StackgenError as StackgenError
    from stackgen.project.creation import Generated as Generated
    from stackgen.project.creation import generate as generate
    from stackgen.project.decision import Decision as Decision
    from stackgen.project.decision import decide as decide
    from stackgen.project.drift import Drift as Drift
    from stackgen.project.drift import FileDrift as FileDrift
    from stackgen.project.drift import drift as drift
    from stackgen.project.existing import ExistingFile as ExistingFile
    from stackgen.project.repository import GitState as GitState
    from stackgen.project.request import Request as Request
    from stackgen.project.request import request_project as request_project
    from stackgen.template.loading import load_options as load_options
    from stackgen.template.option import Option as Option
    from stackgen.template.options import Options as Options
    from stackgen.template.options import Resolved as Resolved
    from stackgen.template.source import Source as Source
    from stackgen.template.source import template_root as template_root
    from stackgen.template.source import version as version
    from stackgen.updating.applying import undo_update as undo_update
    from stackgen.updating.applying import update as update
    from stackgen.updating.outcome import FileUpdate as FileUpdate
    from stackgen.updating.outcome import Update as Update
    from stackgen.updating.planning import check_update as check_update
    from stackgen.updating.planning import new_options as new_options
    from stackgen.updating.planning import plan_update as plan_update
    from stackgen.updating.request import UpdateRequest as UpdateRequest

_PUBLIC = {
    "advice.loading": "load_questionnaire",
    "advice.questionnaire": "Choice Claim Question Questionnaire",
    "advice.recommendation": "Recommendation recommend",
    "errors": "StackgenError",
    "project.creation": "Generated generate",
    "project.decision": "Decision decide",
    "project.drift": "Drift FileDrift drift",
    "project.existing": "ExistingFile",
    "project.repository": "GitState",
    "project.request": "Request request_project",
    "template.loading": "load_options",
    "template.option": "Option",
    "template.options": "Options Resolved",
    "template.source": "Source template_root version",
    "updating.applying": "undo_update update",
    "updating.outcome": "FileUpdate Update",
    "updating.planning": "check_update new_options plan_update",
    "updating.request": "UpdateRequest",
}
_HOME_OF = {name: home for home, names in _PUBLIC.items() for name in names.split()}

if not TYPE_CHECKING:  # Type checkers go by the imports above: they read no computed list.
    __all__ = sorted(_HOME_OF)  # noqa: PLE0605 - it is a list


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module `stackgen` has no attribute `{name}`")
    return getattr(import_module(f"stackgen.{_HOME_OF[name]}"), name)
