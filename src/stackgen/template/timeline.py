"""Every state that the template had, and what its files held: to find a version by its content.

Nothing is rendered or written out for it. git knows a content by its name, so that a history of
hundreds of commits is read in a few calls, and what two states share is looked at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from stackgen import git, git_objects
from stackgen.template.clone import CARRIED, READ_ONLY, Commit, carried_files, find_clone
from stackgen.template.history import History
from stackgen.template.index import Index
from stackgen.template.objects import Directory, Objects
from stackgen.template.source import Source
from stackgen.template.states import template_of
from stackgen.template.versions import DIGITS, Tag, development_tag, parse_tag

_FOLDER = "040000"
_FOLDERS = frozenset({"40000", _FOLDER})  # git writes it without the zero into a tree.

Files = Mapping[str, str]
"""Files of a folder, relative with `/`, and the names of their contents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The template as it was for a while.

    Attributes:
        tag: The version that a project of it records; of several, the one that people know best.
        settings: The name of the content of `copier.yml`.
        folders: The folders of `templates/`, each with a name that stands for all that is in it.
        number: Its place in the order of the states.
        is_installed: Whether projects are made of it now.
        is_known_elsewhere: Whether other builds know the version: not where something was changed.
    """

    tag: str
    settings: str
    folders: Mapping[str, str]
    number: int = 0
    is_installed: bool = False
    is_known_elsewhere: bool = True

    @property
    def preference(self) -> tuple[bool, bool, bool, int]:
        """What decides between states that make the same project: the greater one is recorded."""
        return self.is_known_elsewhere, self.is_installed, "+" not in self.tag, self.number


@dataclass(slots=True)
class _Found:
    """What history says of one state: its tags, and the version of its first commit."""

    settings: str
    folders: Mapping[str, str]
    tags: list[str] = field(default_factory=list)
    development: str = ""


class Timeline:
    """The states of a source's history, oldest first, and the installed one."""

    def __init__(self, source: Source, history: History) -> None:
        """Take the history of a source; nothing is read before it is asked for."""
        self._source = source
        self._history = history
        self._trees: dict[str, Directory] = {}
        self._files: dict[str, Files] = {}
        self._contents: dict[str, bytes] = {}

    @cached_property
    def states(self) -> tuple[State, ...]:
        """The states, each once, the one that a project would be made of now at the end.

        Raises:
            RenderError: git failed.
            SourceError: The installed template cannot be read.
        """
        found = list(self._past())
        installed = next((state for state in found if state.tag == self._source.tag), None)
        if installed is None:
            present = self._installed()
            alike = (present.settings, present.folders)
            same = (state for state in found if (state.settings, state.folders) == alike)
            installed = next(same, present)
            if installed is present:
                found.append(present)
        return tuple(
            replace(state, number=number, is_installed=state is installed)
            for number, state in enumerate(found)
        )

    def template(self, tag: str) -> Path:
        """Return the template folder of a state; see `History.template`."""
        return self._history.template(tag)

    def files(self, name: str) -> Files:
        """Return the files of a folder by the name that a state gives it."""
        if name not in self._files:
            self._files[name] = dict(self._walk(name, ""))
        return self._files[name]

    def contents(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Return contents by their names.

        Raises:
            RenderError: git failed.
        """
        wanted = list(dict.fromkeys(names))
        missing = [name for name in wanted if name not in self._contents]
        repository = self._history.repository()
        if missing and repository:
            found = git_objects.read_objects(missing, cwd=repository, environment=READ_ONLY)
            self._contents.update(zip(missing, found, strict=True))
        return {name: self._contents[name] for name in wanted}

    def _past(self) -> Iterator[State]:
        repository = self._history.repository() if git.available() else None
        if repository is None:
            return
        index = self._history.index
        commits = _ordered(repository, index)
        objects = Objects(repository)
        whole = objects.complete([commit for commit, _ in commits], files=True)
        there = {commit.name for commit in whole}
        commits = [(commit, subject) for commit, subject in commits if commit.name in there]
        tops = objects.directories(commit.tree for commit, _ in commits)
        self._read_trees(objects, [tops[commit.tree] for commit, _ in commits])
        yield from self._states(index, commits, tops)

    def _states(
        self,
        index: Index,
        commits: Sequence[tuple[Commit, str]],
        tops: Mapping[str, Directory],
    ) -> Iterator[State]:
        states: dict[tuple[tuple[str, str], ...], _Found] = {}
        names = _Names(index, self._source.tag)
        for commit, subject in commits:
            template = template_of(tops[commit.tree])
            development = names.next(commit.name, subject)
            if template is None:
                continue
            settings, folder = (name for _, name in template)
            if template not in states:
                folders = {
                    name: each
                    for name, (mode, each) in self._trees[folder].items()
                    if mode in _FOLDERS
                }
                states[template] = _Found(settings, folders)
            state = states[template]
            state.development = state.development or development
            state.tags += names.tags.get(commit.name, [])
        for state in states.values():
            tag = _best(state.tags, self._source.tag, state.development)
            if tag:
                yield State(tag=tag, settings=state.settings, folders=state.folders)

    def _read_trees(self, objects: Objects, tops: Iterable[Directory]) -> None:
        """Read all directories of the template, level by level."""
        wanted = {template[1][1] for top in tops if (template := template_of(top))}
        while wanted:
            found = objects.directories(sorted(wanted))
            self._trees.update(found)
            below = (entry for tree in found.values() for entry in tree.values())
            wanted = {name for mode, name in below if mode in _FOLDERS} - self._trees.keys()

    def _walk(self, name: str, prefix: str) -> Iterator[tuple[str, str]]:
        for entry, (mode, each) in self._trees[name].items():
            if mode in _FOLDERS:
                yield from self._walk(each, f"{prefix}{entry}/")
            else:
                yield f"{prefix}{entry}", each

    def _installed(self) -> State:
        """Return the state of the folder that is installed, which no history holds."""
        root = self._source.root
        clone = find_clone(root) if self._source.history == root else None
        folders: dict[str, dict[str, str]] = {}
        settings = ""
        for path in carried_files(root, clone):
            content = (root / path).read_bytes()
            name = hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()  # noqa: S324
            self._contents.setdefault(name, content)
            if path == CARRIED[0]:
                settings = name
                continue
            folder, _, rest = path.removeprefix(f"{CARRIED[1]}/").partition("/")
            if rest:
                folders.setdefault(folder, {})[rest] = name
        named = {folder: self._name(files) for folder, files in folders.items()}
        return State(
            tag=self._source.tag,
            settings=settings,
            folders=named,
            is_known_elsewhere=self._is_known(),
        )

    def _name(self, files: Files) -> str:
        """Give a folder of files the name of one that has the same, or one of its own."""
        known = {name for tree in self._trees.values() for _, name in tree.values()}
        for name in known & self._trees.keys():
            if self.files(name) == files:
                return name
        name = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
        self._files[name] = files
        return name

    def _is_known(self) -> bool:
        tag = parse_tag(self._source.tag)
        return tag is not None and not tag.is_dirty


def _ordered(repository: Path, index: Index) -> list[tuple[Commit, str]]:
    """Return the commits that an index names, parents first, with their subjects."""
    wanted = {*index.tags.values(), *index.commits.values()}
    if not wanted:
        return []
    words = ("rev-list", "--topo-order", "--reverse", "--format=%H %T %ct %s", "--stdin")
    text = git.run(
        *words,
        cwd=repository,
        environment=READ_ONLY,
        stdin="".join(f"{name}\n" for name in sorted(wanted)).encode(),
        settings=git.ANY_OWNER,
    ).stdout.decode(errors="replace")
    lines = [line.split(" ", 3) for line in text.splitlines() if not line.startswith("commit ")]
    return [
        (Commit(name, tree, int(time)), "".join(subject))
        for name, tree, time, *subject in lines
        if name in wanted
    ]


class _Names:
    """What the versions of commits are called, given the commits in their order."""

    def __init__(self, index: Index, installed: str) -> None:
        self.tags: dict[str, list[str]] = {}
        for tag, name in index.tags.items():
            self.tags.setdefault(name, []).append(tag)
        own = parse_tag(installed)
        if own and not own.is_dirty and (commit := index.find(own)):
            self.tags.setdefault(commit, []).append(installed)
        self._digits: dict[str, list[str]] = {}
        for digits, name in index.commits.items():
            self._digits.setdefault(name, []).append(digits)
        self._last: Tag | None = None
        self._distance = 0

    def next(self, commit: str, subject: str) -> str:
        """Return the development version of a commit; empty where it has none.

        Commits of a bundle stand for several: the subject names the first of these. How many of
        the others came before a release is not told, so that the number is the least there can be.
        """
        digits = self._digits.get(commit, [])
        first = subject[:DIGITS] if subject[:DIGITS] in digits else min(digits, default="")
        last = self._last.version if self._last else None
        tag = development_tag(last, self._distance + 1, first) if first else ""
        self._distance += len(digits)
        for text in self.tags.get(commit, []):
            release = parse_tag(text)
            is_later = release and (not last or last < release.version)
            if release and is_later and not release.commit:
                self._last, self._distance = release, 0
        return tag


def _best(tags: Iterable[str], installed: str, development: str) -> str:
    """Return the version to record: the installed one, else the last release, else the commit."""
    known = [parsed for tag in tags if (parsed := parse_tag(tag)) and not parsed.is_dirty]
    if any(tag.text == installed for tag in known):
        return installed
    releases = [tag for tag in known if not tag.commit]
    return max(releases, key=lambda tag: tag.version).text if releases else development
