"""A standard at one commit: what it says, its files, and what a project records of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stackgen.errors import RenderError, StandardError
from stackgen.project.standard_record import RecordedStandard
from stackgen.team.paths import SUFFIX, twins
from stackgen.team.reading import parse_standard
from stackgen.team.standard import Standard
from stackgen.team.tree import COMMON, OverlayFile, read_commit, read_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A standard at one commit.

    Attributes:
        standard: What it says.
        files: The files of its overlay, by their path below `overlay/`.
        recorded: What a project that follows it records; None of a folder that is not committed.
        warnings: What a person should know besides, a sentence each.
    """

    standard: Standard
    files: Mapping[str, OverlayFile] = field(default_factory=dict)
    recorded: RecordedStandard | None = None
    warnings: tuple[str, ...] = ()

    @property
    def folders(self) -> frozenset[str]:
        """The folders of the overlay."""
        return frozenset(path.partition("/")[0] for path in self.files)

    def files_for(self, framework: str) -> dict[str, str]:
        """Return the overlay's files that a project gets: path in it to path below `overlay/`.

        Args:
            framework: Of the project: its own folder goes before what is common.

        Raises:
            StandardError: Two of them are the same file on some systems.
        """
        found: dict[str, str] = {}
        for folder in (COMMON, framework):
            for path in sorted(self.files):
                top, _, place = path.partition("/")
                if top == folder:
                    found[place.removesuffix(SUFFIX)] = path
        if same := twins(found):
            raise StandardError(
                f"`{same[0]}` and `{same[1]}` of the overlay are one and the same on some systems. "
                "Rename one of them."
            )
        return found


def read_edition(
    repository: Path, recorded: RecordedStandard, *, warnings: tuple[str, ...] = ()
) -> Edition:
    """Read a standard from a repository.

    Args:
        repository: One that holds the commit.
        recorded: Which commit, and what is recorded of it.
        warnings: See `Edition`.

    Raises:
        StandardError: It is no standard, or not one that can be used: whose, at which commit.
    """
    try:
        raw, files = read_commit(repository, recorded.commit)
        standard = parse_standard(raw)
    except (RenderError, StandardError) as error:
        raise StandardError(
            f"Commit {recorded.commit[:12]} of the standard `{recorded.url}` cannot be used: "
            f"{error}"
        ) from error
    return Edition(standard=standard, files=files, recorded=recorded, warnings=warnings)


def read_draft(folder: Path) -> Edition:
    """Read a standard from a folder as it is, whatever is committed.

    Raises:
        StandardError: It is no standard, or not one that can be used.
    """
    raw, files = read_folder(folder)
    return Edition(standard=parse_standard(raw, str(folder / "standard.toml")), files=files)
