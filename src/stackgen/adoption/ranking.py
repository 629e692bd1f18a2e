"""Which versions of the template a project may be of, without rendering any.

Files without Jinja are copied as they are, so that a content of theirs tells the version at once.
Of the others, lines without Jinja count that are somewhere in the project. What a project leaves
out says nothing here: an option may have left it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from stackgen.adoption.present import Present
from stackgen.template.timeline import State, Timeline
from stackgen.template.verbatim import PARTIALS

_SUFFIX = ".jinja"
_SHORTEST = 12
"""How many signs a line must have to say something: a bracket is everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A framework at a state of the template.

    Attributes:
        framework: The framework, which is a folder of the template.
        state: The state.
        rank: How many lines speak for it.
    """

    framework: str
    state: State
    rank: int


def rank(timeline: Timeline, present: Present, frameworks: Sequence[str]) -> list[Candidate]:
    """Return every framework at every state at which it is something else, the likeliest first.

    Args:
        timeline: The states.
        present: The project's files.
        frameworks: The folders to look at.

    Raises:
        RenderError: git failed.
    """
    ranking = _Ranking(timeline, present, frameworks)
    found: dict[tuple[str, ...], Candidate] = {}
    for state in timeline.states:
        for framework in frameworks:
            if framework in state.folders:
                # Those that render the same are one.
                key = ranking.parts(framework, state)
                former = found.get(key)
                if former and state.preference < former.state.preference:
                    continue
                points = former.rank if former else ranking.points(framework, state)
                found[key] = Candidate(framework=framework, state=state, rank=points)
    return sorted(found.values(), key=lambda each: (each.rank, each.state.number), reverse=True)


class _Ranking:
    """Points for states, of which most share most of their files."""

    def __init__(self, timeline: Timeline, present: Present, frameworks: Sequence[str]) -> None:
        self._timeline, self._present = timeline, present
        self._trees: dict[tuple[str, str], tuple[int, frozenset[bytes]]] = {}
        names = {
            name
            for state in timeline.states
            for folder in (*frameworks, PARTIALS)
            if folder in state.folders
            for name in timeline.files(state.folders[folder]).values()
        }
        self._contents = timeline.contents(names)
        self._lines = self._project_lines(frameworks)
        self._shared: dict[str, frozenset[bytes]] = {}

    def parts(self, framework: str, state: State) -> tuple[str, ...]:
        """Return what a render is made from."""
        folders = (state.folders.get(PARTIALS, ""), state.folders[framework])
        return (framework, state.settings, *folders)

    def points(self, framework: str, state: State) -> int:
        """Return how many lines speak for a state."""
        copied, told = self._tree(framework, state.folders[framework])
        partials = state.folders.get(PARTIALS)
        shared = self._told(self._timeline.files(partials).values()) if partials else ()
        return copied + len(told.union(shared))

    def _tree(self, framework: str, tree: str) -> tuple[int, frozenset[bytes]]:
        if (framework, tree) not in self._trees:
            files = self._timeline.files(tree)
            likenesses = (
                self._present.likeness(path, self._contents[name])
                for path, name in _copied(files)
                if self._present.content(path) is not None
            )
            points = sum(likeness.gain for likeness in likenesses)
            rendered = (name for path, name in files.items() if path.endswith(_SUFFIX))
            self._trees[framework, tree] = points, self._told(rendered)
        return self._trees[framework, tree]

    def _told(self, names: Iterable[str]) -> frozenset[bytes]:
        """Return the lines of contents that the project has, too."""
        return frozenset(chain.from_iterable(map(self._common, names)))

    def _common(self, name: str) -> frozenset[bytes]:
        if name not in self._shared:
            self._shared[name] = frozenset(_plain(self._contents[name])) & self._lines
        return self._shared[name]

    def _project_lines(self, frameworks: Sequence[str]) -> frozenset[bytes]:
        """Return the lines of all files that a template ever had a file for."""
        paths = {
            path.removesuffix(_SUFFIX)
            for state in self._timeline.states
            for framework in frameworks
            if framework in state.folders
            for path in self._timeline.files(state.folders[framework])
        }
        contents = (self._present.content(path) or b"" for path in paths)
        return frozenset(line for content in contents for line in _plain(content))


def _copied(files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for path, name in files.items():
        is_rendered = path.endswith(_SUFFIX) or f"{path}{_SUFFIX}" in files or "{" in path
        if not is_rendered:
            yield path, name


def _plain(content: bytes) -> Iterator[bytes]:
    """Yield the lines that say something, without their indent: what includes them may add one."""
    for line in content.split(b"\n"):
        stripped = line.strip()
        if len(stripped) >= _SHORTEST and b"{{" not in stripped and b"{%" not in stripped:
            yield stripped
