"""Migrations: the project's own in `migrations/`, those of each option in a folder there.

A folder is a branch of Alembic's with the name of its option, so that the option can come and go.
`owns` in its migrations names what they made: tables, and `table.column` in the tables of others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from alembic.autogenerate import render_python_code
from alembic.operations.ops import MigrationScript
from alembic.script import Script
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from flask import Flask
from flask_alembic import Alembic
from flask_alembic.cli import cli
from sqlalchemy.exc import OperationalError

OWN = "default"  # the branch of the project's own


class Migrations(Alembic):
    """Flask-Alembic in which every command minds all branches."""

    def init_app(self, app: Flask) -> None:
        config = app.config["ALEMBIC"]
        folders = [path for path in Path(config["script_location"]).iterdir() if path.is_dir()]
        config["version_locations"] = [
            (path.name, str(path)) for path in sorted(folders) if path.name != "__pycache__"
        ]
        app.config["ALEMBIC_CONTEXT"].update(
            include_object=self.include_object, process_revision_directives=self.set_dependencies
        )
        super().init_app(app)
        app.cli.add_command(db)  # in the place of Flask-Alembic's

    def is_own(self, script: Script) -> bool:
        return Path(script.path).parent == Path(self.script_directory.dir)

    def owned(self) -> Mapping[str, set[str]]:
        owned: dict[str, set[str]] = {}
        for script in self.script_directory.walk_revisions():
            for branch in script.branch_labels:
                owned.setdefault(branch, set()).update(getattr(script.module, "owns", ()))
        return owned

    def needs_upgrade(self) -> bool:
        return set(self.current()) != set(self.heads(resolve_dependencies=True))

    def downgrade(self, target: int | str | Script = -1) -> None:
        """Take back so many of the project's own migrations, or all that came after `target`.

        No more of the project's own than was asked for.
        """
        name = target.revision if isinstance(target, Script) else str(target)
        # `0001` is the name of a migration; `1` and `-1` are so many of the project's own.
        known = {script.revision for script in self.script_directory.walk_revisions()}
        steps = 0
        if name.removeprefix("-").isdecimal() and name not in known:
            steps = abs(int(name))
            name = f"{OWN}@-{steps}"
        branch, at, _ = name.partition("@")
        if steps or (at and branch != OWN):
            current = tuple(script.revision for script in self.current())
            applied = self.script_directory.iterate_revisions(current, "base")
            if steps and not any(map(self.is_own, applied)):
                raise click.ClickException("No migration of the project's own is applied.")
            going = self.script_directory.iterate_revisions(
                current, name, select_for_downgrade=True
            )
            lost = [Path(script.path).name for script in going if self.is_own(script)]
            if len(lost) > steps:
                raise click.ClickException(
                    f"{name} would take back {', '.join(lost)} as well, and lose what is in their "
                    "tables. Take those back by name first, or leave the branch as it is."
                )
        super().downgrade(name)

    def include_object(
        self, item: Any, name: str | None, kind: str, reflected: bool, model: object
    ) -> bool:
        """Leave what an option made to its own migrations: while it is off, no model has it."""
        models = self.migration_context.opts["target_metadata"]
        gone = kind != "table" and item.table.name not in models.tables  # and all of it
        if not reflected or model is not None or gone:
            return True
        columns = getattr(item, "columns", [item])  # of an index or a key
        names = [name] if kind == "table" else [f"{item.table.name}.{one.name}" for one in columns]
        return not any(owned.intersection(names) for owned in self.owned().values())

    def set_dependencies(
        self, _context: object, _revision: object, new: Iterable[MigrationScript]
    ) -> None:
        """Let a new migration wait for the options whose tables it names.

        It waits as well for those of the project's own that were put on the branch of an option.
        """
        own = [head for head in self.heads(resolve_dependencies=True) if self.is_own(head)]
        astray = [head.revision for head in own if OWN not in head.branch_labels]
        for script in new:
            code = "".join(map(render_python_code, script.upgrade_ops_list))
            code += "".join(map(render_python_code, script.downgrade_ops_list))
            named = [
                f"{branch}@head"
                for branch, names in self.owned().items()
                if any(is_named(name, code) for name in names)
            ]
            others = [head for head in named if head not in (script.head or ())]
            script.depends_on = [*(script.depends_on or ()), *others, *astray]


def is_named(name: str, code: str) -> bool:
    """Tell whether operations name a table, or a column and its table."""
    return all(re.search(rf"'{part}\b", code) for part in name.split("."))


@contextmanager
def said_in_a_line() -> Iterator[None]:
    """Spare people the traceback where Alembic refuses, and where no database answers."""
    try:
        yield
    except (CommandError, RevisionError) as error:
        raise click.ClickException(f"{error}.") from error
    except OperationalError as error:
        if error.statement is not None:  # of a migration, whose traceback names it
            raise
        text = f"The database does not answer: {error.orig}\nLook at DATABASE_URL."
        raise click.ClickException(text) from error


class Commands(click.Group):
    def invoke(self, context: click.Context) -> Any:
        with said_in_a_line():
            return super().invoke(context)


db = Commands("db", dict(cli.commands), callback=cli.callback, help=cli.help)


@db.command()
@click.option("-m", "--message", required=True, help="What changes.")
@click.pass_obj
def migrate(alembic: Migrations, message: str) -> None:
    """Do the same as `revision`, under the name that Flask-Migrate has for it."""
    if alembic.needs_upgrade():
        raise click.ClickException(
            "The database lacks migrations that are there. Run `flask db upgrade` first."
        )
    alembic.revision(message)


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("target", default="-1")
@click.pass_obj
def downgrade(alembic: Alembic, target: str) -> None:
    """Take back the last migration, the last so many, or all that came after TARGET."""
    alembic.downgrade(target)
