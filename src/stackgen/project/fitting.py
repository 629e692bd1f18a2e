"""A rendered project fitted to the folder that it goes into; the folder itself is only read."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stackgen.errors import ExistingFilesError
from stackgen.project import kept
from stackgen.project.existing import (
    IGNORED,
    WAYS,
    Collision,
    ExistingFile,
    Way,
    find_collisions,
    is_open,
    is_same_licence,
    other_licences,
    states,
)
from stackgen.project.occupants import LICENSE, refuse_blocked

_METADATA = "pyproject.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What a fitted project brings, and what becomes of the files that are there.

    Attributes:
        paths: The files of the project, relative with `/`, sorted, those of the folder among them.
        coming: Those that are written.
        existing: The files that both have and that differ, and what becomes of each.
        licence: The licence that stays although the option `license` says otherwise; or empty.
        env_ignored: Whether `.gitignore` is kept, but for a line that makes it ignore `.env`.
    """

    paths: tuple[str, ...]
    coming: tuple[str, ...]
    existing: tuple[ExistingFile, ...] = ()
    licence: str = ""
    env_ignored: bool = False


def fit(folder: Path, draft: Path, way: Way | None) -> Fitted:
    """Fit a rendered project to what a folder holds.

    Args:
        folder: The folder.
        draft: The rendered project; afterwards it holds the files that are to be written.
        way: What is to become of files that are there; nothing where nobody said so.

    Raises:
        ExistingFilesError: Somebody must say so.
        DestinationError: Something is in the place of a folder of the project.
    """
    paths = list_files(draft)
    refuse_blocked(folder, paths)
    collisions = list(find_collisions(folder, draft, paths))
    if way is None and is_open(collisions):
        plans = {each: states(collisions, each) for each in WAYS}
        raise ExistingFilesError(
            folder, {name: [(f.path, f.state) for f in plan] for name, plan in plans.items()}
        )
    way = way or "keep"
    done = states(collisions, way)
    named = other_licences(folder, paths)
    ours = (draft / LICENSE).read_bytes() if (draft / LICENSE).is_file() else b""
    own = [name for each in collisions for name in _take(folder, draft, each, way)]
    if named:
        (draft / LICENSE).unlink()
        _name_licences(draft / _METADATA, named)
        own.append(LICENSE)
        done = (*done, *(ExistingFile(path=name, state="kept") for name in named))
    kept.record(draft, own)
    coming = list_files(draft)
    there = {path for path in paths if (folder / path).is_file()}
    standing = named or [each.path for each in collisions if each.path == LICENSE]
    return Fitted(
        paths=tuple(sorted({*coming, *named, *there})),
        coming=tuple(coming),
        existing=tuple(sorted(done, key=lambda each: each.path)),
        licence=_contradicting(folder, standing, ours),
        env_ignored=way == "keep" and ExistingFile(path=IGNORED, state="merged") in done,
    )


def list_files(folder: Path) -> list[str]:
    """Return the files below a folder, relative with `/`, sorted."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def _take(folder: Path, draft: Path, collision: Collision, way: Way) -> list[str]:
    """Give the project what one of the ways makes of a file; return what it has its own of then."""
    path, (state, content) = collision.path, collision.outcome(way)
    if content is not None:
        (draft / path).write_bytes(content)
        shutil.copymode(folder / path, draft / path)
        return [path] if way == "keep" else []
    if state == "replaced":
        return []
    if path != kept.README or not collision.is_of_their_own(way):
        (draft / path).unlink()
        return [path] if collision.is_of_their_own(way) else []
    beside = draft / kept.README_BESIDE
    (draft / path).rename(beside)
    if not (folder / kept.README_BESIDE).exists():
        return [path]
    beside.unlink()
    return [path, kept.README_BESIDE]


def _name_licences(metadata: Path, names: Iterable[str]) -> None:
    """Let the metadata of a project name the licences that are there."""
    if metadata.is_file():
        text = metadata.read_text("utf-8")
        listed = ", ".join(f'"{name}"' for name in names)
        before, after = f'license-files = ["{LICENSE}"]', f"license-files = [{listed}]"
        metadata.write_text(text.replace(before, after), "utf-8")


def _contradicting(folder: Path, names: Sequence[str], ours: bytes) -> str:
    """Return the licence that stays, where none of those there says what the option says."""
    if any(is_same_licence((folder / name).read_bytes(), ours) for name in names):
        return ""
    return names[0] if names else ""
