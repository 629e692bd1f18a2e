"""What a shell offers after `--answer`, `--set` and `--framework`.

Names alone, without their meaning: to print that, Typer would load a library that takes longer to
import than a person wants to wait for a Tab.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence

from stackgen.errors import StackgenError

_NAME = "_STACKGEN_COMPLETED_NAME"


def _nothing_on_error(offer: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Offer nothing where the installation is broken: a message would land in the typed line."""

    @functools.wraps(offer)
    def offered() -> list[str]:
        try:
            return offer()
        except StackgenError:
            return []

    return offered


@_nothing_on_error
def answers() -> list[str]:
    """Offer every `QUESTION=CHOICE`; a shell writes as much of it as is certain."""
    from stackgen.advice.loading import load_questionnaire

    questions = load_questionnaire().questions
    return _offers({q.id: [choice.id for choice in q.choices] for q in questions})


@_nothing_on_error
def options() -> list[str]:
    """Offer every `OPTION=VALUE` of the options that there is something to choose for."""
    from stackgen.template import source
    from stackgen.template.combinations import offered
    from stackgen.template.loading import load_options

    return _offers(offered(load_options(source.template_root())))


@_nothing_on_error
def frameworks() -> list[str]:
    """Offer the frameworks."""
    from stackgen.template import source
    from stackgen.template.loading import load_options

    return list(load_options(source.template_root()).frameworks)


def ways() -> list[str]:
    """Offer what may become of files that are there."""
    from stackgen.project.existing import WAYS

    return list(WAYS)


def outputs() -> list[str]:
    """Offer the commands that print JSON."""
    from stackgen.schemas.commands import COMMANDS

    return list(COMMANDS)


def _offers(values: Mapping[str, Sequence[str]]) -> list[str]:
    if name := os.environ.get(_NAME):
        return list(values.get(name, ()))
    # Never `name=` alone: a shell that finds it the only one puts a space behind it.
    return [f"{name}={value}" for name, choices in values.items() for value in choices]


def mend_bash_words() -> None:
    """Undo that bash takes `scope=one-job` for three words, and completes the last one alone.

    The name before `=` is left where `_offers` finds it: bash wants nothing but the rest.
    """
    words = os.environ.get("COMP_WORDS", "").split("\n")
    place = int(os.environ.get("COMP_CWORD", "0"))
    before: list[str] = []
    for word in words[:place]:
        if before and (word == "=" or before[-1].endswith("=")):
            before[-1] += word
        else:
            before.append(word)
    current = words[place] if place < len(words) else ""
    if before and (current == "=" or before[-1].endswith("=")):
        name, current = before.pop().removesuffix("="), current.removeprefix("=")
        if name.startswith("-"):
            before.append(name)
        else:
            os.environ[_NAME] = name
    os.environ["COMP_WORDS"] = "\n".join([*before, current])
    os.environ["COMP_CWORD"] = str(len(before))
