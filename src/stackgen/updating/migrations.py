"""Migrations of options that come and go: databases that ran them need them for longer."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stackgen.project.record import Project
from stackgen.template.options import OptionMigrations, Options
from stackgen.template.renders import Renders


def keep_migrations(
    project: Project,
    options: Options,
    now: Mapping[str, Any],
    renders: Renders,
    *,
    old: Path,
    new: Path,
) -> Sequence[OptionMigrations]:
    """Let a merge leave the migrations of options that are switched.

    Those of an option that is switched off are added to the render of what comes. Those that an
    option finds in the project when it is switched on, from earlier, count as the template's own:
    they were run as they are.

    Args:
        project: The project as it is.
        options: Those of the version that comes.
        now: The values that come.
        renders: What renders the template.
        old: The render of the recorded version, changed in place.
        new: The render of the version that comes, changed in place.

    Returns:
        The migrations of options that are switched off.

    Raises:
        RenderError: They could not be rendered.
    """
    recorded = {name: project.values[name] for name in options.recorded & project.values.keys()}
    before = {**now, **recorded}
    previous, coming = options.migrations(before), options.migrations(now)
    # Where not even the folder around them comes, nothing runs migrations any more.
    leaving = [
        migrations
        for migrations in previous
        if migrations not in coming and (new / migrations.folder).parent.is_dir()
    ]
    if leaving:
        # As this version has them: it may have given them other places than the recorded one.
        renders.render(options, new.with_name("leaving"), before)
    for migrations in leaving:
        shutil.copytree(new.with_name("leaving") / migrations.folder, new / migrations.folder)
    for migrations in coming:
        if migrations not in previous:
            _adopt(project.path, migrations.folder, old, new)
    return leaving


def _adopt(project: Path, folder: str, old: Path, new: Path) -> None:
    for file in (new / folder).rglob("*"):
        path = file.relative_to(new)
        if (project / path).is_file():
            (old / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, old / path)
