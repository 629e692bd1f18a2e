"""Which team's standard a project follows: recorded beside the version of the template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stackgen.errors import ProjectError
from stackgen.foreign_text import quoted
from stackgen.template.rendering import ANSWERS_FILE

KEY = "_standard"

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*")
_LONGEST_URL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedStandard:
    """A standard at a commit, as a project records it.

    Attributes:
        url: The address of its repository, or the absolute path of one without an address.
        commit: The full name of the commit.
        revision: The branch, tag or commit that was named; empty for the repository's own branch.
    """

    url: str
    commit: str
    revision: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return what stands in the answers file."""
        entry = {"url": self.url, "commit": self.commit}
        return {**entry, "revision": self.revision} if self.revision else entry


def is_revision(text: str) -> bool:
    """Whether a text can be the name of a branch, a tag or a commit, and no more than a name."""
    return bool(_REVISION.fullmatch(text)) and not (
        ".." in text or "//" in text or text.endswith(("/", "."))
    )


def write(project: Path, standard: RecordedStandard) -> None:
    """Record a standard in the answers file of a rendered project."""
    file = project / ANSWERS_FILE
    comment, _, answers = file.read_text("utf-8").partition("\n")
    entry = yaml.safe_dump({KEY: standard.as_dict()}, allow_unicode=True, sort_keys=False)
    file.write_text(f"{comment}\n{entry}{answers}", "utf-8")


def read(value: Any, file: Path) -> RecordedStandard | None:
    """Check what an answers file records.

    Args:
        value: The recorded value; nothing where there is none.
        file: The answers file, for messages.

    Raises:
        ProjectError: It is not what stackgen records.
    """
    if value is None:
        return None
    texts = isinstance(value, dict) and all(
        isinstance(each, str) and each.isprintable() for each in (*value, *value.values())
    )
    if not texts or not {"url", "commit"} <= value.keys() <= {"url", "commit", "revision"}:
        raise ProjectError(f"`{KEY}` in `{file}` is no `url` and `commit`. Restore it from git.")
    if not _COMMIT.fullmatch(value["commit"]):
        raise ProjectError(
            f"`{KEY}` in `{file}` names the commit {quoted(value['commit'])}, which is none. "
            "Restore it from git."
        )
    if not 0 < len(value["url"]) <= _LONGEST_URL:
        raise ProjectError(
            f"`{KEY}` in `{file}` has no `url` that can be one. Restore it from git."
        )
    if "revision" in value and not is_revision(value["revision"]):
        raise ProjectError(
            f"`{KEY}` in `{file}` names the revision {quoted(value['revision'])}, which is none. "
            "Restore it from git."
        )
    return RecordedStandard(**value)
