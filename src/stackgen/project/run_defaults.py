"""Defaults that the template cannot know: the name of a project, its year, and who works here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackgen import git
from stackgen.errors import OptionError
from stackgen.template.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDefault:
    """An option whose default is found anew in every run.

    Attributes:
        option: The option's id.
        find: From the destination to the value; an empty one counts for nothing.
        origin: Where the value comes from, in words.
        of_one_project: Whether it is never carried over from one project to another.
    """

    option: str
    find: Callable[[Path], Any]
    origin: str
    of_one_project: bool = False


def _name(destination: Path) -> str:
    return destination.name


def _year(_destination: Path) -> int:
    return time.localtime().tm_year


def _from_git(setting: str) -> Callable[[Path], str]:
    def find(destination: Path) -> str:
        # A repository that is there may have an author of its own.
        return git.configured(setting, destination if destination.is_dir() else destination.parent)

    return find


RUN_DEFAULTS = {
    default.option: default
    for default in (
        RunDefault(option="project_name", find=_name, origin="from the path", of_one_project=True),
        RunDefault(option="author_name", find=_from_git("user.name"), origin="from git"),
        RunDefault(option="author_email", find=_from_git("user.email"), origin="from git"),
        RunDefault(option="year", find=_year, origin="today", of_one_project=True),
    )
}


def find_defaults(destination: Path, options: Options) -> dict[str, Any]:
    """Return the defaults of this run: option id to value.

    Args:
        destination: Where the project goes; its parent exists.
        options: The options of the template; what they do not know or accept is left out.
    """
    found: dict[str, Any] = {}
    for name, default in RUN_DEFAULTS.items():
        option, value = options.settable.get(name), default.find(destination)
        try:
            if option and value:
                found[name] = option.parse(value)
        except OptionError:
            continue  # Nobody typed this value here, so nobody hears about it.
    return found
