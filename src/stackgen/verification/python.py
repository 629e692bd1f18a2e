"""The Python that a project is verified with: one of this machine, and new enough."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from stackgen import foreign_toml
from stackgen.changes.staging import temporary_directory
from stackgen.errors import ProjectError
from stackgen.foreign_text import quoted
from stackgen.verification import environment
from stackgen.verification.process import Ended, run

_METADATA = "pyproject.toml"
_LATEST_MINOR = 20
_ASK = (
    "import ssl, sys, venv; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))"
)
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter.

    Attributes:
        path: Its program, absolute: by a name a program such as uv may find another one.
        version: Its version, such as `3.12.4`.
        name: How it is called in a shell.
    """

    path: str
    version: str
    name: str = "python3"

    @property
    def minor(self) -> str:
        """Its version without the last number."""
        return self.version.rpartition(".")[0]


def find_python(project: Path, scratch: Path) -> Python:
    """Return a Python that the project accepts: this one, else one on the PATH, else uv's.

    Args:
        project: The project's directory.
        scratch: A directory for what the candidates print.

    Raises:
        ProjectError: The project does not say what it needs, or there is none.
    """
    needed = _needed(project)
    for found in _candidates(project, scratch, needed):
        if needed.contains(found.version):
            return found
    here = ".".join(map(str, sys.version_info[:3]))
    raise ProjectError(
        f"`{project.name}` needs Python `{needed}`, and there is {here} here. Install one that "
        "is new enough, with `uv python install` say."
    )


def check_python(project: Path) -> None:
    """Refuse a project for which there is no Python here.

    Raises:
        ProjectError: There is none.
        RenderError: No temporary folder can be made.
    """
    with temporary_directory() as scratch:
        find_python(project, scratch)


def _needed(project: Path) -> SpecifierSet:
    path = project / _METADATA
    try:
        metadata = foreign_toml.loads(path.read_text("utf-8"))["project"]
        return SpecifierSet(metadata["requires-python"])
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"`{path}` cannot be read: {error}. Restore it from git.") from error
    except InvalidSpecifier as error:
        wrong = quoted(metadata["requires-python"])
        raise ProjectError(
            f"`requires-python` in `{path}` cannot be {wrong}. Write it like `>=3.11`."
        ) from error
    except ValueError as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise ProjectError(f"`{path}` cannot be read as TOML: {said}. Correct it.") from error
    except (KeyError, TypeError) as error:
        raise ProjectError(
            f"`{path}` does not say which Python the project needs. Put `requires-python` under "
            "`[project]`."
        ) from error


def _candidates(project: Path, scratch: Path, needed: SpecifierSet) -> Iterator[Python]:
    version = ".".join(map(str, sys.version_info[:3]))
    if found := _ask("python3", project, scratch):
        yield found
    # In an environment this is another program than the one that it was made with.
    base = getattr(sys, "_base_executable", sys.executable)
    yield Python(base, version, base)
    for minor in range(sys.version_info.minor + 1, _LATEST_MINOR):
        name = f"python3.{minor}"
        if needed.contains(f"3.{minor}.0") and (found := _ask(name, project, scratch)):
            yield found
    words = ("uv", "python", "find", "--no-project", "--no-python-downloads", str(needed))
    ended = _run(words, project, scratch)
    if not ended.code and ended.lines and (found := _ask(ended.lines[-1], project, scratch)):
        yield found


def _ask(program: str, project: Path, scratch: Path) -> Python | None:
    """Return a Python that can be worked with, by what it says itself."""
    ended = _run((program, "-I", "-c", _ASK), project, scratch)
    if ended.code or len(ended.lines) < 2:  # noqa: PLR2004 - the two that it was asked for
        return None
    path, version = ended.lines[-2:]
    return Python(path, version, program)


def _run(words: Sequence[str], project: Path, scratch: Path) -> Ended:
    variables = environment.for_checks()
    return run(words, cwd=project, scratch=scratch, environment=variables, limit=_PATIENCE)
