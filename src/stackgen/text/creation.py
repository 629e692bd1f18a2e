"""What is about to be made and what was made, in words."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stackgen.advice.questionnaire import DONT_KNOW
from stackgen.errors import StackgenError
from stackgen.project.decision import Decision
from stackgen.project.request import Request
from stackgen.project.run_defaults import RUN_DEFAULTS
from stackgen.template.combinations import is_offered, possible
from stackgen.template.option import shown
from stackgen.template.options import Dropped, Origin

if TYPE_CHECKING:  # An interview shows options before anything is loaded that makes a project.
    from stackgen.project.creation import Generated
    from stackgen.project.repository import Repository


_REPOSITORIES: Mapping[Repository, str] = {
    "committed": "Its files are in a first git commit.",
    "continued": "Its files are in one git commit on top of yours.",
    "staged": "Its files are staged in git, but not committed: git does not know who you are. "
    "Set user.name and user.email, then commit.",
    "uncommitted": "Its files are staged in git, but git refused the commit: commit them.",
    "enclosing": "It lies in a git repository already: commit it there.",
    "none": "It has no git repository.",
}


_PRESETS: Mapping[Origin, str] = {
    "again": "your last interview",
    "standard": "the standard",
    "configuration": "your configuration",
}


def option_rows(decision: Decision, request: Request) -> list[tuple[str, str, str]]:
    """Return every option of which there are several values: name, value, where it comes from.

    The framework is none of them.

    Args:
        decision: What was decided.
        request: What that was decided on.
    """
    several = {name for name, words in possible(request.template).items() if len(words) > 1}
    return [
        (name, shown(decision.resolved.values[name]), _origin(name, decision, request))
        for name, option in request.template.settable.items()
        if name != "framework" and is_offered(option, several)
    ]


def _origin(name: str, decision: Decision, request: Request) -> str:
    if not request.template.is_open(name, decision.framework):
        return f"always so with {decision.framework_name}"
    bound = request.bounds.get(name)
    if bound and bound.locked:
        return bound.words
    origin = decision.resolved.origins[name]
    if origin == "given":
        return "the answers file" if name in request.from_file else "you"
    if origin in _PRESETS:
        return _PRESETS[origin]
    if origin == "implied":
        return decision.implied[name].text
    found = RUN_DEFAULTS.get(name) if name in request.defaults else None
    return found.origin if found else "default"


def bound_lines(request: Request) -> list[str]:
    """Return what a standard sets for good, and why: a line an option or question.

    Args:
        request: What is asked for.
    """
    locked = [*request.answer_bounds.items(), *request.bounds.items()]
    return [
        f"{name} is {shown(bound.allowed[0])}, set by {bound.words}."
        for name, bound in locked
        if bound.locked
    ]


def dropped_lines(decision: Decision) -> list[str]:
    """Return what answers, the last interview or a configuration call for in vain, and why."""
    return [
        f"{_asked(each, decision)}, but the option `{each.option}` stays "
        f"{shown(decision.resolved.values[each.option])}. {each.reason}"
        for each in decision.resolved.dropped
    ]


def offer_lines(decision: Decision, request: Request) -> dict[str, str]:
    """Return what the answers make worth a thought, by option; nothing of what somebody has set.

    Args:
        decision: What was decided.
        request: What that was decided on.
    """
    lines = {}
    for offer in request.questionnaire.offers:
        is_set = decision.resolved.origins[offer.option] == "given"
        if is_set or not offer.applies_to(decision.recommendation.answers):
            continue
        fitting = [each for each in offer.values if _fits(offer.option, each, decision, request)]
        if fitting:
            lines[offer.option] = f"{offer.text} Set `{offer.option}` to {' or '.join(fitting)}."
    return lines


def _fits(name: str, value: str, decision: Decision, request: Request) -> bool:
    """Tell whether a value goes with the others, and with all that holds without it."""
    try:
        changed = request.with_options({name: value}).decide(take_default=True)
    except StackgenError:
        return False
    return all(each in decision.resolved.dropped for each in changed.resolved.dropped)


def _asked(dropped: Dropped, decision: Decision) -> str:
    if dropped.origin in _PRESETS:
        whose = _PRESETS[dropped.origin].capitalize()
        return f"{whose} sets `{dropped.option}` to {shown(dropped.value)}"
    answers = decision.implied[dropped.option].answers
    given = (f"{choice} to the question `{question}`" for question, choice in answers.items())
    return f"You answered {' and '.join(given)}"


def notes(decision: Decision) -> list[str]:
    """Return what a person who was not asked should know of a decision."""
    lines = dropped_lines(decision)
    if decision.by == "default":
        answered = decision.recommendation.answers
        cause = "The answers do not decide" if answered else "No question was answered"
        lines.insert(0, f"{cause}: {decision.framework_name} is the default, not a recommendation.")
    return lines


def equivalent_command(command: str, decision: Decision, chosen: Mapping[str, Any]) -> str:
    """Return the command that makes the same project and asks nothing, ready to paste.

    Args:
        command: The command without its flags.
        decision: What was decided.
        chosen: Options that a person set. What their configuration or their last interview set
            is spelled out as well: the command makes the same on a machine without them.
    """
    words = [command, "--framework", decision.framework]
    recommendation = decision.recommendation
    passed = dict.fromkeys(recommendation.passed if recommendation.answers else (), DONT_KNOW)
    for question, choice in {**recommendation.answers, **passed}.items():
        words += ["--answer", f"{question}={choice}"]
    for name, value in {**chosen, **decision.resolved.chosen}.items():
        if name != "framework":
            words += ["--set", shlex.quote(f"{name}={shown(value)}")]
    return " ".join(words)


def made_text(made: Generated, decision: Decision, typed: Path, seconds: float) -> str:
    """Return what was made in what time, and the commands that run it, to be copied at once.

    Args:
        made: The project.
        decision: What was decided.
        typed: The destination as the person named it.
        seconds: How long it took.
    """
    commands = decision.resolved.commands
    what = f"{made.path.name} with {decision.framework_name}, {len(made.paths)} files"
    lines = [
        f"Made {what} in {seconds:.1f} s: {made.path}",
        _REPOSITORIES[made.repository],
        "",
        "Next:",
        "",
        *([f"  cd {shlex.quote(str(typed))}"] if typed.name else []),
        *(f"  {command}" for command in commands["run"]),
        "",
        f"Then open http://127.0.0.1:8000/. {made.readme} says the rest; its tests run with",
        f"{commands['test'][-1]}",
    ]
    return "\n".join(lines)
