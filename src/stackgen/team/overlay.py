"""The overlay of a standard, laid over a rendered project: files come, are replaced, or go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from stackgen.errors import RenderError, StandardError
from stackgen.foreign_text import one_line
from stackgen.project.dotenv import EXAMPLE
from stackgen.project.existing import IGNORED
from stackgen.project.merging import with_env_ignored
from stackgen.team.edition import Edition
from stackgen.team.jinja import Jinja
from stackgen.team.paths import SUFFIX, twins
from stackgen.team.tables import is_merged, merge_tables
from stackgen.template.options import Options


def lay_over(
    edition: Edition,
    project: Path,
    values: Mapping[str, Any],
    *,
    options: Options,
    jinja: Jinja,
) -> None:
    """Lay an overlay over a project that the template was rendered to; it is changed in place.

    Args:
        edition: The standard.
        project: The rendered project.
        values: The values that it was rendered with.
        options: The options of the version of the template that it was rendered from.
        jinja: What renders the overlay's own files.

    Raises:
        StandardError: A file of the overlay cannot be rendered or merged, or has no place.
        RenderError: A file cannot be written.
    """
    try:
        for rule in edition.standard.drop:
            _drop(project / rule.path)
        contents = render_files(edition, values, options=options, jinja=jinja)
        present = [path.relative_to(project).as_posix() for path in _files(project)]
        if same := twins([*present, *contents]):
            raise StandardError(
                f"`{same[0]}` and `{same[1]}`, of the template and of the overlay, are one and the "
                "same on some systems. Rename the overlay's, or drop the template's."
            )
        for path, (content, executable) in contents.items():
            _put(project / path, _merged(path, project, content), executable=executable)
        _keep_secrets(project, present)
    except OSError as error:
        raise RenderError(
            f"The overlay cannot be written: {error.strerror or error}. Nothing was kept."
        ) from error


def render_files(
    edition: Edition, values: Mapping[str, Any], *, options: Options, jinja: Jinja
) -> dict[str, tuple[bytes, bool]]:
    """Return the overlay's files of one project: path to content, and whether it can be run.

    Args:
        edition: The standard.
        values: A value for every option that is recorded.
        options: The options of the template.
        jinja: What renders them.

    Raises:
        StandardError: One cannot be rendered.
    """
    sources = edition.files_for(str(values["framework"]))
    to_render = [source for source in sources.values() if source.endswith(SUFFIX)]
    texts: Mapping[str, str] = {}
    if to_render:
        readable = _texts(edition)
        for source in to_render:
            if source not in readable:
                raise StandardError(
                    f"`{one_line(source)}` of the overlay is not UTF-8. Save it as UTF-8, or leave "
                    f"`{SUFFIX}` out of its name."
                )
        texts = jinja.render(readable, to_render, options.variables(values), options.envops)
    return {
        path: (
            texts[source].encode() if source in texts else edition.files[source].content,
            edition.files[source].executable,
        )
        for path, source in sources.items()
    }


def _keep_secrets(project: Path, before: Collection[str]) -> None:
    """Let `.env` be ignored, whatever the overlay makes of the list: secrets lie there.

    Args:
        project: The project, with the overlay.
        before: Its files without it.
    """
    ignored = project / IGNORED
    if ignored.is_file():
        ignored.write_bytes(with_env_ignored(ignored.read_bytes()))
    elif IGNORED in before or (project / EXAMPLE).is_file():
        ignored.write_bytes(with_env_ignored(b""))


def _texts(edition: Edition) -> dict[str, str]:
    found = {}
    for path, file in edition.files.items():
        try:
            found[path] = file.content.decode()
        except UnicodeDecodeError:
            continue  # It can be copied, and not included.
    return found


def _files(project: Path) -> list[Path]:
    return sorted(path for path in project.rglob("*") if path.is_file())


def _drop(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    for folder in path.parents:  # git has no empty folders, and neither has a project.
        if not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()


def _merged(path: str, project: Path, content: bytes) -> bytes:
    present = project / path
    if not is_merged(path) or not present.is_file():
        return content
    try:
        return merge_tables(path, present.read_text("utf-8"), content.decode()).encode()
    except UnicodeDecodeError as error:
        raise StandardError(f"`{path}` of the overlay is not UTF-8. Save it as UTF-8.") from error


def _put(file: Path, content: bytes, *, executable: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    # The mode that a new file gets here, whatever the umask.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o777 if executable else 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
