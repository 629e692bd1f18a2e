"""What stands before a project is thought of: answers and options that it may start from."""

from __future__ import annotations

import dataclasses
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stackgen.errors import AnswerError, ConfigurationError, OptionError
from stackgen.foreign_text import quoted
from stackgen.project.answers_file import LARGEST_FILE
from stackgen.project.bound import Bound
from stackgen.project.installation import Installation
from stackgen.project.run_defaults import RUN_DEFAULTS
from stackgen.template.options import Options, Origin

OF_EACH_PROJECT = frozenset(
    {
        "description",
        "framework",
        "title",
        *(name for name, each in RUN_DEFAULTS.items() if each.of_one_project),
    }
)
"""The options that say what one project is: they are the same for no two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Answers and options, each of them checked, that yield to all that is given.

    Attributes:
        origin: Where they come from.
        answers: Question id to choice id. Whoever asks marks these choices.
        options: Option id to value.
        framework: The framework that they were taken with; nothing where they are for any.
        bounds: What options may be, whoever sets them: option id to bound.
        answer_bounds: What answers may be: question id to bound.
        counts_unasked: Whether its answers and framework count where nobody is asked.
        warnings: What was left out of it, a sentence each.
    """

    origin: Origin
    answers: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    framework: str | None = None
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    answer_bounds: Mapping[str, Bound] = field(default_factory=dict)
    counts_unasked: bool = False
    warnings: tuple[str, ...] = ()

    def options_for(self, framework: str, template: Options) -> dict[str, Any]:
        """Return the options that mean the same with a framework.

        Args:
            framework: The framework that is taken.
            template: All options that there are.
        """
        if self.framework is None:
            return dict(self.options)
        recorded = {**self.options, "framework": self.framework}
        carried = template.carried_over(recorded, framework)
        return {name: value for name, value in carried.items() if name in self.options}

    def within(self, bounds: Mapping[str, Bound], answer_bounds: Mapping[str, Bound]) -> Preset:
        """Return the same preset without the values that a standard does not allow.

        Args:
            bounds: What options may be.
            answer_bounds: What answers may be.
        """

        def allowed(of: Mapping[str, Bound], name: str, value: Any) -> bool:
            return name not in of or not of[name].refusal(name, value)

        framework = self.framework
        return dataclasses.replace(
            self,
            answers={n: v for n, v in self.answers.items() if allowed(answer_bounds, n, v)},
            options={n: v for n, v in self.options.items() if allowed(bounds, n, v)},
            framework=framework if allowed(bounds, "framework", framework) else None,
        )


def answers_before(presets: Sequence[Preset], answers: Mapping[str, str]) -> dict[str, str]:
    """Return answers together with those that presets hold for the other questions.

    Args:
        presets: The presets, the strongest first.
        answers: What goes before all of them: question id to choice id.
    """
    found: dict[str, str] = {}
    for preset in reversed(presets):
        found |= preset.answers
    return {**found, **answers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in the answers and options of a file.

    Attributes:
        answers: Those that can be used: question id to choice id.
        options: Those that can be used: option id to value.
        unknown: A sentence for each id that there is not.
        refused: A sentence for each value that is not allowed.
    """

    answers: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def check_entries(
    answers: Mapping[str, Any], options: Mapping[str, Any], installation: Installation
) -> Checked:
    """Check answers and options one by one, and refuse none of them yet.

    Args:
        answers: Question id to choice id, of whatever types.
        options: Option id to value, of whatever types.
        installation: The questions and options that there are.
    """
    questionnaire, template = installation
    found = Checked()
    questions = {question.id for question in questionnaire.questions}
    for name, value in answers.items():
        try:
            found.answers.update(questionnaire.check({name: value}))
        except AnswerError as error:
            (found.refused if name in questions else found.unknown).append(str(error))
    for name, value in options.items():
        try:
            found.options[name] = _allowed(name, value, template)
        except OptionError as error:
            (found.refused if name in template.settable else found.unknown).append(str(error))
    return found


def _allowed(name: str, value: Any, template: Options) -> Any:
    """Check a value, and what is said of it whatever the other options are."""
    (parsed,) = template.parse({name: value}).values()
    if template.needed(name) <= {name} and (reason := template.refusal({name: parsed})):
        raise OptionError(f"`{name}` cannot be {quoted(parsed)}. {reason}")
    return parsed


def read_preset(path: Path) -> str | None:
    """Read the text of a file that a preset is made of.

    Args:
        path: The file.

    Returns:
        Its text; nothing where there is no such file.

    Raises:
        ConfigurationError: It is no file, too large, not UTF-8, or cannot be read.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a directory" if stat.S_ISDIR(mode) else "not a regular file"
            raise ConfigurationError(f"`{path}` is {kind}. Put a file in its place, or remove it.")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        if not path.is_symlink():
            return None
        raise ConfigurationError(f"`{path}` is a broken symbolic link. Fix or remove it.") from None
    except OSError as error:
        raise ConfigurationError(f"`{path}` cannot be read: {error.strerror or error}.") from error
    if len(raw) > LARGEST_FILE:
        raise ConfigurationError(f"`{path}` is larger than {LARGEST_FILE // 1024} KiB.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"`{path}` is not UTF-8 at byte {error.start}. Save it as UTF-8."
        ) from error
