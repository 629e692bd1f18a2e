"""Drafts: what files a project would have, worked out without Copier and without a disk.

To find what a project came from, dozens of projects are compared to it that differ in one option
each. Most of their files are the same, and none is kept. So every text of the template is rendered
once for the values that it speaks of. What becomes a project is always made by Copier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2_ansible_filters import AnsibleCoreFiltersExtension

from stackgen.template.compiled import compiling_once
from stackgen.template.needs import Needs, UnknownNeedsError
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.verbatim import SUFFIX, entries, matcher, settings_of, subdirectory_of

_CONFIGURATION = {"answers_file": ANSWERS_FILE}
"""What the names of files may ask of Copier's own values."""


class NoDraftError(Exception):
    """There is no draft of a template of another shape, or of a broken one."""


class Drafts:
    """The files of projects that one template makes."""

    def __init__(self, options: Options) -> None:
        """Take the options of the template; none of its files is read yet."""
        self._options, self._template = options, options.template
        # The filters that Copier gives to templates.
        extensions = [AnsibleCoreFiltersExtension]
        self._jinja = options.environment(extensions=extensions, auto_reload=False, cache_size=-1)
        self._settings: Mapping[str, Any] = {}
        self._trees: dict[Path, Mapping[str, bytes | None]] = {}
        self._matchers: dict[tuple[str, ...], Callable[[str], bool]] = {}
        self._needs: dict[str, Needs] = {}
        self._names: dict[tuple[str, str], frozenset[str] | None] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def files(self, values: Mapping[str, Any]) -> Mapping[str, bytes]:
        """Return the files of a project but its answers file: path, relative with `/`, to content.

        Args:
            values: A value for every option that is recorded.

        Raises:
            NoDraftError: They cannot be worked out. Copier can make them, or knows what to say.
        """
        try:
            with compiling_once():
                return dict(self._files(values))
        except Exception as error:
            raise NoDraftError from error

    def _files(self, values: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
        self._settings = self._settings or settings_of(self._template / "copier.yml")
        variables = {**self._options.variables(values), "_copier_conf": _CONFIGURATION}
        is_excluded = self._matcher(variables)
        tree = self._template / subdirectory_of(self._settings, values)
        for name, content in self._tree(tree).items():
            parts = [
                self._rendered(part, variables) for part in name.removesuffix(SUFFIX).split("/")
            ]
            path = "/".join(parts)
            if not all(parts) or path == ANSWERS_FILE or is_excluded(path):
                continue
            if content is None:
                file = (tree / name).relative_to(self._template).as_posix()
                yield path, self._rendered(f"{{% include {file!r} %}}", variables).encode()
            else:
                yield path, content

    def _matcher(self, variables: Mapping[str, Any]) -> Callable[[str], bool]:
        patterns = self._settings.get("_exclude", [])
        rendered = tuple(self._rendered(pattern, variables) for pattern in patterns)
        if rendered not in self._matchers:
            self._matchers[rendered] = matcher(rendered)
        return self._matchers[rendered]

    def _tree(self, tree: Path) -> Mapping[str, bytes | None]:
        """Return the files of a folder that are copied, with their contents, or rendered."""
        if tree not in self._trees:
            names = entries(tree)[1]
            rendered = {name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)}
            self._trees[tree] = {
                name: None if name.endswith(SUFFIX) else (tree / name).read_bytes()
                for name in names
                if name not in rendered
            }
        return self._trees[tree]

    def _rendered(self, text: str, variables: Mapping[str, Any]) -> str:
        """Render a text, once for the values that it speaks of."""
        if "{" not in text:
            return text
        names = self._spoken_of(text, variables)
        said = variables if names is None else {name: variables.get(name) for name in names}
        key = (text, repr(sorted(said.items())))
        if key not in self._texts:
            self._texts[key] = self._jinja.from_string(text).render(variables)
        return self._texts[key]

    def _spoken_of(self, text: str, variables: Mapping[str, Any]) -> frozenset[str] | None:
        """Return the names that a text depends on; nothing where that cannot be told."""
        framework = str(variables["framework"])
        if framework not in self._needs:
            self._needs[framework] = Needs(self._template, {"framework": framework})
        key = (text, framework)
        if key not in self._names:
            try:
                self._names[key] = self._needs[framework].of(text) | {"framework"}
            except UnknownNeedsError:
                self._names[key] = None
        return self._names[key]
