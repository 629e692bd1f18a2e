"""Migrations: a branch of Alembic's for the project, and one for each of its options.

The project's own are in `migrations/`, on the branch `default`. Those of an option are in a folder
there, on a branch of the same name, so that the option can come and go. `owns` in them names what
they made: tables, and `table.column` in the tables of others.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from alembic.operations import ops
from alembic.script import Script
from flask import Flask
from flask_alembic import Alembic
from flask_alembic.cli import cli

OWN = "default"


class Migrations(Alembic):
    """Flask-Alembic in which every command minds all branches."""

    def init_app(self, app: Flask) -> None:
        """Make a branch of each folder of the migrations."""
        config = app.config["ALEMBIC"]
        folders = [path for path in Path(config["script_location"]).iterdir() if path.is_dir()]
        config["version_locations"] = [
            (path.name, str(path)) for path in sorted(folders) if path.name != "__pycache__"
        ]
        app.config["ALEMBIC_CONTEXT"].update(
            include_object=self.include_object, process_revision_directives=self.set_dependencies
        )
        super().init_app(app)

    def needs_upgrade(self) -> bool:
        """Tell whether the database lacks a migration of any branch."""
        return set(self.current()) != set(self.heads(resolve_dependencies=True))

    def downgrade(self, target: int | str | Script = -1) -> None:
        """Take back so many of the project's own migrations, or all that came after `target`.

        Raises `click.ClickException` where more of the project's own would go than was asked for.
        """
        name = target.revision if isinstance(target, Script) else str(target)
        known = {script.revision for script in self.script_directory.walk_revisions()}
        steps = 0
        if name not in known and name.removeprefix("-").isdecimal():
            steps = abs(int(name))
            name = f"{OWN}@-{steps}"
        branch, at, _ = name.partition("@")
        if steps or (at and branch != OWN):
            self._refuse_more(name, steps)
        super().downgrade(name)

    def _refuse_more(self, target: str, steps: int) -> None:
        """Refuse to take back more than so many of the project's own migrations."""
        current = tuple(script.revision for script in self.current())
        going = self.script_directory.iterate_revisions(current, target, select_for_downgrade=True)
        own = [Path(script.path).name for script in going if self.is_own(script)]
        if len(own) > steps:
            raise click.ClickException(
                f"{target} would take back {', '.join(own)} as well, and lose what is in their "
                "tables. Take those back by name first, or leave the branch as it is."
            )

    def is_own(self, script: Script) -> bool:
        """Tell whether a migration is the project's, and not an option's."""
        return Path(script.path).parent == Path(self.script_directory.dir)

    def owned(self) -> Mapping[str, set[str]]:
        """Return what the migrations of each branch own."""
        owned: dict[str, set[str]] = {}
        for script in self.script_directory.walk_revisions():
            for branch in script.branch_labels:
                owned.setdefault(branch, set()).update(getattr(script.module, "owns", ()))
        return owned

    def include_object(
        self, item: Any, name: str | None, kind: str, reflected: bool, model: object
    ) -> bool:
        """Leave what an option made to its own migrations: while it is off, no model has it."""
        if not reflected or model is not None:
            return True
        columns = getattr(item, "columns", [item])  # of an index or a key
        names = [name] if kind == "table" else [f"{item.table.name}.{one.name}" for one in columns]
        return not any(owned.intersection(names) for owned in self.owned().values())

    def set_dependencies(
        self, _context: object, _revision: object, new: Iterable[ops.MigrationScript]
    ) -> None:
        """Let a new migration wait for the options whose tables it names.

        It waits as well for those of the project's own that were put on the branch of an option.
        """
        own = [head for head in self.heads(resolve_dependencies=True) if self.is_own(head)]
        astray = [head.revision for head in own if OWN not in head.branch_labels]
        for script in new:
            named = {name for part in script.upgrade_ops_list for name in names_in(part.ops)}
            heads = [f"{branch}@head" for branch, names in self.owned().items() if named & names]
            others = [head for head in heads if head not in (script.head or ())]
            script.depends_on = [*(script.depends_on or ()), *others, *astray]


def names_in(operations: Iterable[ops.MigrateOperation]) -> Iterator[str]:
    """Yield the tables that operations change or refer to, and `table.column` for the columns."""
    for operation in operations:
        match operation:
            case ops.CreateTableOp() | ops.DropTableOp():
                table = operation.to_table()
                yield table.name
                yield from (f"{table.name}.{column.name}" for column in table.columns)
                yield from (key.target_fullname.split(".")[0] for key in table.foreign_keys)
            case ops.ModifyTableOps():
                yield operation.table_name
                yield from names_in(operation.ops)
            case ops.CreateForeignKeyOp():
                yield operation.referent_table
            case ops.AlterColumnOp():
                yield f"{operation.table_name}.{operation.column_name}"


# Commands of `flask db`, beside and in place of Flask-Alembic's.


@cli.command()
@click.option("-m", "--message", required=True, help="What changes.")
@click.pass_obj
def migrate(alembic: Alembic, message: str) -> None:
    """Do the same as `revision`, under the name that Flask-Migrate has for it."""
    alembic.revision(message)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("target", default="-1")
@click.pass_obj
def downgrade(alembic: Alembic, target: str) -> None:
    """Take back the last migration, the last so many, or all that came after TARGET."""
    alembic.downgrade(target)
