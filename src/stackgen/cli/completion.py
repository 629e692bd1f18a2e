"""Completion: its scripts, and what a shell offers after `--answer`, `--set` and `--framework`.

Names alone, without their meaning: to print that, Typer would load a library that takes longer to
import than a person wants to wait for a Tab.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence

from stackgen.errors import OptionError, RenderError, StackgenError
from stackgen.foreign_text import quoted

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
"""The shells that Typer has a script for."""

_FLAGS = ("--show-completion", "--install-completion")
_PROGRAM, _VARIABLE = "stackgen", "_STACKGEN_COMPLETE"
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
    """Offer the commands that print JSON, and the files that hold some."""
    from stackgen.schemas.commands import COMMANDS, FILES

    return [*COMMANDS, *FILES]


def _offers(values: Mapping[str, Sequence[str]]) -> list[str]:
    if name := os.environ.get(_NAME):
        return list(values.get(name, ()))
    # Never `name=` alone: a shell that finds it the only one puts a space behind it.
    return [f"{name}={value}" for name, choices in values.items() for value in choices]


def get_ready() -> None:
    """Prepare to answer a shell that calls with the variable of its script set."""
    from typer._completion_classes import completion_init

    completion_init()  # What Typer does itself only where its own flags are in use.
    if os.environ.get(_VARIABLE) == "complete_bash":
        mend_bash_words()


def with_shell(arguments: Sequence[str]) -> list[str]:
    """Return the words of a call; a flag of completion that names no shell names the present one.

    Args:
        arguments: The words after `stackgen`.

    Raises:
        OptionError: Nobody can tell which one that is.
    """
    flag, *rest = arguments or [""]
    if flag not in _FLAGS or (rest and not rest[0].startswith("-")):
        return list(arguments)
    from typer._completion_shared import _get_shell_name

    shell = _get_shell_name()
    if shell is None:
        raise OptionError(
            f"`{flag}` cannot tell which shell you use. Name one of: {', '.join(SHELLS)}."
        )
    return [flag, shell, *rest]


def script(shell: str) -> str:
    """Return the script with which a shell asks this program what to offer.

    Args:
        shell: One of `SHELLS`.

    Raises:
        OptionError: It is none of them.
    """
    from typer._completion_shared import get_completion_script

    _check_shell(shell)
    return get_completion_script(prog_name=_PROGRAM, complete_var=_VARIABLE, shell=shell)


def install(shell: str) -> str:
    """Put that script where a shell reads it, and return what was done.

    Args:
        shell: One of `SHELLS`.

    Raises:
        OptionError: It is none of them, or a PowerShell that is not there.
        RenderError: It cannot be written there.
    """
    from typer._completion_shared import install as install_script

    _check_shell(shell)
    if shell in {"powershell", "pwsh"} and shutil.which(shell) is None:
        raise OptionError(
            f"`{shell}` is not on PATH, and it alone knows where its profile is. "
            f"`--show-completion {shell}` prints what belongs there."
        )
    try:
        _, path = install_script(shell=shell, prog_name=_PROGRAM, complete_var=_VARIABLE)
    except (OSError, UnicodeDecodeError, subprocess.CalledProcessError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise RenderError(
            f"The completion for {shell} cannot be installed: {said}. "
            f"`--show-completion {shell}` prints it."
        ) from error
    return f"Completion for {shell} is installed in {path}. It works in the next shell you start."


def _check_shell(shell: str) -> None:
    if shell not in SHELLS:
        raise OptionError(
            f"There is no completion for the shell {quoted(shell)}. "
            f"Choose one of: {', '.join(SHELLS)}."
        )


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
