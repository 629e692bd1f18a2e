"""Earlier versions of the template, taken from the history that an installation carries."""

from __future__ import annotations

import re
from pathlib import Path

from stackgen import git
from stackgen.errors import ProjectError, RenderError
from stackgen.template.source import Source

_CARRIED = ("copier.yml", "templates")
_DEVELOPMENT = re.compile(r"v[0-9a-z.]+\+g([0-9a-f]{7,40})")
_ANY_OWNER = {**git.SETTINGS, "safe.directory": "*"}


class History:
    """The template at any version of a source, as folders within one that the caller provides."""

    def __init__(self, source: Source, folder: Path) -> None:
        """Take the history of `source`; nothing is read or written before it is asked for."""
        self._source = source
        self._folder = folder

    def template(self, tag: str) -> Path:
        """Return the template folder of a version.

        Args:
            tag: A release tag.

        Raises:
            ProjectError: The history does not hold that version.
            RenderError: git failed.
        """
        if tag == self._source.tag:
            return self._source.root
        folder = self._folder / tag
        if not folder.exists():
            self._export(tag, folder)
        return folder

    def _export(self, tag: str, folder: Path) -> None:
        repository = self._repository(tag)
        commit = self._commit(repository, tag) if repository else ""
        if not (repository and commit):
            raise ProjectError(
                f"This stackgen's history does not hold {tag}. It holds every release before its "
                "own, but no development version: update with the stackgen that made the project."
            )
        listing = _git("ls-tree", "-r", "-z", commit, "--", *_CARRIED, cwd=repository)
        entries = [entry.split(b"\t", 1) for entry in listing.split(b"\0") if entry]
        names = b"".join(entry.split()[2] + b"\n" for entry, _ in entries)
        stream = memoryview(_git("cat-file", "--batch", cwd=repository, stdin=names))
        for entry, path in entries:
            # `<name> SP <type> SP <size> LF <content> LF`: git-cat-file(1), "Batch output".
            end = bytes(stream[:128]).index(b"\n")
            size = int(bytes(stream[:end]).split()[2])
            file = folder / path.decode()
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(stream[end + 1 : end + 1 + size])
            file.chmod(0o755 if entry.startswith(b"100755") else 0o644)
            stream = stream[end + 2 + size :]

    def _repository(self, tag: str) -> Path | None:
        """The repository to read: the checkout, or one made of the bundle."""
        history = self._source.history
        if history is None or history.is_dir():
            return history
        repository = self._folder / "history.git"
        if not repository.exists():
            _git("init", "--quiet", "--bare", "--template=", str(repository), cwd=self._folder)
        ref = f"refs/tags/{tag}"
        try:
            _git("fetch", "--quiet", str(history), f"{ref}:{ref}", cwd=repository)
        except RenderError:
            return None  # The bundle has no such tag.
        return repository

    @staticmethod
    def _commit(repository: Path, tag: str) -> str:
        development = _DEVELOPMENT.fullmatch(tag)
        for name in (f"refs/tags/{tag}", development[1] if development else ""):
            found = name and _git(
                "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", cwd=repository, fails=True
            )
            if found:
                return found.decode().strip()
        return ""


def _git(*arguments: str, cwd: Path, stdin: bytes = b"", fails: bool = False) -> bytes:
    accept = (0, 1, 128) if fails else (0,)
    return git.run(
        *arguments,
        cwd=cwd,
        stdin=stdin,
        environment=git.PRIVATE,
        accept=accept,
        settings=_ANY_OWNER,
    ).stdout
