"""Small source trees of stackgen with a history: two or three files of a template, and releases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from template_history import git

from stackgen.template.bundle import write_bundle
from stackgen.template.clone import Clone, find_clone
from stackgen.template.objects import Objects
from stackgen.template.versions import clone_version

OPTIONS = "copier.yml"
FILE = "templates/file.txt"


class SourceTree:
    """A repository with a template, as a person works in it."""

    def __init__(self, root: Path, *init: str) -> None:
        """Make it at `root`, with one commit."""
        self.root = root
        git("init", "-q", "-b", "main", *init, str(root), cwd=root.parent)
        git("config", "uploadpack.allowFilter", "true", cwd=root)
        self.commit({OPTIONS: "_subdirectory: templates\n", FILE: "0\n", "src/code.py": "pass\n"})

    @property
    def head(self) -> str:
        return git("rev-parse", "HEAD", cwd=self.root)

    @property
    def clone(self) -> Clone:
        found = find_clone(self.root)
        assert found
        return found

    @property
    def version(self) -> str:
        return clone_version(self.clone, Objects(self.root))

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, files: Mapping[str, str] | None = None) -> str:
        """Write files, commit them, and return the commit."""
        self.write(files or {})
        git("add", "--all", cwd=self.root)
        git("commit", "-qm", "change", "--allow-empty", cwd=self.root)
        return self.head

    def change(self, text: object) -> str:
        """Commit another state of the template, and return the commit."""
        return self.commit({FILE: f"{text}\n"})

    def enter(self, version: str, commit: str) -> str:
        """Commit the entry of a release, and return that commit."""
        file = self.root / "releases.toml"
        before = file.read_text() if file.exists() else ""
        entry = f'[[releases]]\nversion = "{version}"\ncommit = "{commit}"\n'
        return self.commit({"releases.toml": before + entry})

    def branch(self, *texts: object, at: str = "HEAD") -> str:
        """Commit states of the template on a branch of their own, and return the last commit."""
        git("checkout", "-q", "-b", f"branch-{texts[0]}", at, cwd=self.root)
        for text in texts:
            commit = self.change(text)
        git("checkout", "-q", "main", cwd=self.root)
        return commit

    def merge(self, commit: str) -> str:
        """Merge a branch, whose files win, and return the merge."""
        git("merge", "-q", "--no-ff", "-X", "theirs", "-m", "merge", commit, cwd=self.root)
        return self.head

    def tag(self, name: str, commit: str = "HEAD") -> None:
        git("tag", name, commit, cwd=self.root)

    def cloned(self, name: str, *options: str) -> SourceTree:
        """Clone it, tags included unless said otherwise."""
        root = self.root.parent / name
        git("clone", "-q", *options, f"file://{self.root}", str(root), cwd=self.root.parent)
        found = SourceTree.__new__(SourceTree)
        found.root = root
        return found

    def bundle(self, **limits: int) -> Path:
        """Write the bundle of a build, and return it."""
        path = self.root.parent / f"{self.root.name}.bundle"
        write_bundle(self.root, self.version, path, **limits)
        return path
