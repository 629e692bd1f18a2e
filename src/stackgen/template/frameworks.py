"""What a framework needs of the template, beside being a choice: a folder, and its partials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stackgen.errors import SourceError
from stackgen.template.options import Options

_BY_NAME = re.compile(
    r"""(?:include|import|extends|from)\s+['"]([^'"]*)['"]\s*~\s*framework\s*~\s*['"]([^'"]*)['"]"""
)


def check_frameworks(options: Options) -> None:
    """Refuse a template that offers a framework and cannot render it.

    Args:
        options: The options of the template folder to look at.

    Raises:
        SourceError: A framework has no folder, or lacks a partial that is found by its name.
    """
    for framework in options.frameworks:
        if not (options.template / "templates" / framework).is_dir():
            raise _lacking(options, framework, f"there is no folder `templates/{framework}`")
    for including, before, after in _partials_by_name(options):
        for framework in options.frameworks:
            name = f"{before}{framework}{after}"
            if not (options.template / name).is_file():
                raise _lacking(
                    options, framework, f"`{including}` includes `{name}`: it is missing"
                )


def _partials_by_name(options: Options) -> Iterator[tuple[str, str, str]]:
    """Yield a file that includes a partial of the framework's name, and what stands around that."""
    shared = sorted((options.template / "templates/shared").rglob("*"))
    for file in (options.template / "copier.yml", *shared):
        if file.is_file():
            for found in _BY_NAME.finditer(file.read_text("utf-8", errors="replace")):
                yield (file.relative_to(options.template).as_posix(), found[1], found[2])


def _lacking(options: Options, framework: str, what: str) -> SourceError:
    return SourceError(
        f"`{options.template / 'copier.yml'}` offers the framework `{framework}`, but {what}. "
        "Install stackgen again."
    )
