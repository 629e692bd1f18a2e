"""What tests of rendered projects work with."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from option_matrix import Answers

MatchesSnapshot = Callable[[str, str], None]


@dataclass(frozen=True)
class Project:
    """A rendered project: where it is and what Copier recorded."""

    path: Path
    answers: Answers

    @property
    def files(self) -> list[str]:
        """The files below the project, as sorted POSIX paths."""
        return sorted(
            path.relative_to(self.path).as_posix()
            for path in self.path.rglob("*")
            if not path.is_dir()
        )

    def read(self, name: str) -> str:
        return (self.path / name).read_bytes().decode()


Render = Callable[[Answers], Project]


def write_tree(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, by their relative path; returns the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@contextmanager
def one_at_a_time(place: Path) -> Iterator[None]:
    """Let one process of this run of pytest alone make what all of them use."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
