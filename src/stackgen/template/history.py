"""Earlier versions of the template, taken from the history that an installation has."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from stackgen import git, git_objects
from stackgen.errors import ProjectError, RenderError
from stackgen.template.clone import CARRIED, READ_ONLY
from stackgen.template.index import Index, read_index
from stackgen.template.source import Source
from stackgen.template.versions import parse_tag


class History:
    """The template at any version of a source, as folders within one that the caller provides."""

    def __init__(self, source: Source, folder: Path) -> None:
        """Take the history of `source`; nothing is read or written before it is asked for."""
        self._source = source
        self._folder = folder
        self._written: dict[tuple[str, str], Path] = {}  # By mode and name of the content.

    @cached_property
    def index(self) -> Index:
        """What it holds."""
        return read_index(self._source.history, self._source.tag)

    def template(self, tag: str) -> Path:
        """Return the template folder of a version.

        Args:
            tag: The version as a project records it.

        Raises:
            ProjectError: The history does not hold that version.
            RenderError: git failed.
        """
        if tag == self._source.tag:
            return self._source.root
        version, history = parse_tag(tag), self._source.history
        commit = self.index.find(version) if version else None
        if history is None or commit is None:
            raise ProjectError(f"This stackgen's history does not hold {tag}.")
        folder = self._folder / tag
        if not folder.exists():
            self._export(self._repository(history), commit, folder)
        return folder

    def repository(self) -> Path | None:
        """Return the repository that holds the versions; nothing where there is no history.

        Raises:
            RenderError: git failed.
        """
        history = self._source.history
        return self._repository(history) if history else None

    def _repository(self, history: Path) -> Path:
        """Return the repository to read: the clone, or one made of the bundle."""
        if history.is_dir():
            return history
        repository = self._folder / "history.git"
        if not repository.exists():
            names = (*self.index.tags.values(), *self.index.commits.values())
            object_format = git_objects.object_format(*names)
            with _whole(repository) as unfinished:
                git_objects.make_repository(unfinished, object_format=object_format)
                git.run(
                    *("bundle", "unbundle", str(history)),
                    cwd=unfinished,
                    environment=git.PRIVATE,
                    settings=git.SHORT_LIVED,
                )
        return repository

    def _export(self, repository: Path, commit: str, folder: Path) -> None:
        """Write the files of a version; what another one has as well is linked, for most is."""
        files = git_objects.list_files(commit, *CARRIED, cwd=repository, environment=READ_ONLY)
        new = {path: entry for path, entry in files.items() if entry not in self._written}
        contents = dict(zip(new, _contents(new, repository), strict=True))
        with _whole(folder) as unfinished:
            written = dict(self._written)
            for path, entry in files.items():
                file = unfinished / path
                file.parent.mkdir(parents=True, exist_ok=True)
                if path in contents:
                    file.write_bytes(contents[path])
                    file.chmod(0o755 if entry[0] == git_objects.EXECUTABLE else 0o644)
                    written[entry] = file
                    continue
                try:
                    file.hardlink_to(written[entry])
                except OSError:  # Not every file system has links.
                    shutil.copy(written[entry], file)
        self._written.update({entry: folder / path for path, entry in new.items()})


@contextlib.contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder its name when it is whole: whoever finds it there takes it for that."""
    unfinished = folder.with_name(f"{folder.name}.part")
    try:
        yield unfinished
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _contents(files: git_objects.Entries, repository: Path) -> list[bytes]:
    names = (name for _, name in files.values())
    try:
        return git_objects.read_objects(names, cwd=repository, environment=READ_ONLY)
    except RenderError as error:
        raise RenderError(
            f"`{repository}` lacks earlier files of the template: {error}. If it is a partial "
            "clone, run `pip install .` there: a build fetches what it needs."
        ) from error
