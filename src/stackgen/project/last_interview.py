"""The last interview that ended in a project: kept, and taken up again."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from stackgen.advice.questionnaire import DONT_KNOW
from stackgen.errors import AnswerError, ConfigurationError
from stackgen.foreign_text import quoted
from stackgen.project.answers_file import parse_answers
from stackgen.project.decision import Decision
from stackgen.project.installation import Installation
from stackgen.project.preset import OF_EACH_PROJECT, Preset, check_entries, read_preset
from stackgen.project.run_defaults import RUN_DEFAULTS

NEVER_KEPT = OF_EACH_PROJECT.union(RUN_DEFAULTS)
"""Options that are never taken from one project to the next: what it is, and whose."""


def read_last_interview(path: Path, installation: Installation) -> Preset | None:
    """Read the last interview; it is an answers file.

    Args:
        path: The file.
        installation: The questions and options that there are. What is none of them any more is
            left out with a warning: another version may have written it.

    Returns:
        The interview; nothing where there was none.

    Raises:
        ConfigurationError: It cannot be read.
    """
    text = read_preset(path)
    if text is None:
        return None
    try:
        file = parse_answers(text, str(path))
    except AnswerError as error:
        raise ConfigurationError(f"{error} It is the last interview: remove it.") from error
    kept = {name: value for name, value in file.options.items() if name not in NEVER_KEPT}
    framework = file.options.get("framework")
    found = check_entries(file.answers, kept, installation)
    left_out = [*found.unknown, *found.refused]
    if framework is not None and framework not in installation.options.frameworks:
        left_out.append(f"There is no framework {quoted(framework)}.")
        framework = None
    return Preset(
        origin="again",
        answers=found.answers,
        options=found.options,
        framework=framework,
        counts_unasked=True,
        warnings=tuple(f"The last interview: {each} It is ignored." for each in left_out),
    )


def write_last_interview(path: Path, decision: Decision) -> None:
    """Keep an interview instead of the one before, readable by its owner alone.

    Args:
        path: The file. It is whole at any moment, the one or the other.
        decision: What the interview ended in. Kept are its answers, with a `dont-know` for each
            question that was passed, its framework, and the options that do not follow from these.

    Raises:
        ConfigurationError: It cannot be written.
    """
    recommendation = decision.recommendation
    kept = {
        "answers": {
            **recommendation.answers,
            **dict.fromkeys(recommendation.passed, DONT_KNOW),
        },
        "options": {
            "framework": decision.framework,
            **{
                name: value
                for name, value in decision.resolved.chosen.items()
                if name not in NEVER_KEPT
            },
        },
    }
    try:
        _write(path, json.dumps(kept, indent=2) + "\n")
    except OSError as error:
        raise ConfigurationError(
            f"The interview cannot be kept for another time: `{path}` cannot be written: "
            f"{error.strerror or error}."
        ) from error


def _write(path: Path, text: str) -> None:
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # Not every file system knows modes.
        folder.chmod(0o700)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f"{path.name}.")  # 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
