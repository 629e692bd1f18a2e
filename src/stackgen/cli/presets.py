"""A person's configuration and last interview: where they are kept, read and written."""

from __future__ import annotations

import contextlib
from pathlib import Path

from stackgen.cli.console import say
from stackgen.errors import ConfigurationError
from stackgen.foreign_text import one_line
from stackgen.project.decision import Decision
from stackgen.project.preset import Preset


def configuration_file() -> Path | None:
    """Return where a person's configuration is; nothing where they have no home."""
    return _place("config", "config.toml")


def last_interview_file() -> Path | None:
    """Return where a person's last interview is kept; nothing where they have no home."""
    return _place("state", "last-interview.json")


def cache_folder() -> Path | None:
    """Return where teams' standards are kept; nothing where the person has no home."""
    return _place("cache", "standards")


def read_presets(*, again: bool, configured: bool, quiet: bool) -> list[Preset]:
    """Read what a person has set for all projects, and say what is left out of it.

    Args:
        again: Take up the last interview.
        configured: Let the configuration count.
        quiet: Say nothing.

    Raises:
        ConfigurationError: One of them cannot be read, or there was no last interview.
    """
    from stackgen.project.configuration import read_configuration
    from stackgen.project.installation import load_installation
    from stackgen.project.last_interview import read_last_interview

    files = []
    if again:
        path = last_interview_file()
        if not _is_there(path):
            raise ConfigurationError(
                "`--again` starts from your last interview, and none has ended in a project yet. "
                "Leave the flag out."
            )
        files.append((path, read_last_interview))
    if configured:
        files.append((configuration_file(), read_configuration))
    files = [(path, read) for path, read in files if _is_there(path)]
    if not files:
        return []  # Questions and options are read for nothing else here.
    installation = load_installation()
    presets = [preset for path, read in files if path and (preset := read(path, installation))]
    if not quiet:
        for warning in [warning for preset in presets for warning in preset.warnings]:
            say(one_line(warning))
    return presets


def remember(decision: Decision) -> None:
    """Keep an interview for `--again`; where that fails, say so and go on.

    Args:
        decision: What the interview ended in.
    """
    from stackgen.project.last_interview import write_last_interview

    path = last_interview_file()
    if path is None:
        return
    try:
        write_last_interview(path, decision)
    except ConfigurationError as error:
        say(one_line(str(error)))


def _is_there(path: Path | None) -> bool:
    """Tell whether there is something to read, or to complain of."""
    try:
        return path is not None and bool(path.lstat())
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def _place(kind: str, name: str) -> Path | None:
    """Return a file of stackgen's in one of the user's own folders."""
    from platformdirs import PlatformDirs

    folders = PlatformDirs("stackgen", appauthor=False)
    with contextlib.suppress(RuntimeError):  # Nobody knows where their home is.
        folder = {
            "cache": folders.user_cache_path,
            "config": folders.user_config_path,
            "state": folders.user_state_path,
        }[kind]
        # A folder that is relative, because HOME is, would be another one at every place.
        return folder / name if folder.is_absolute() else None
    return None
