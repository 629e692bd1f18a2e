"""The branches of the migrations: a project of one table, and an option that is off."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    inspect,
    make_url,
)

from app.config import ROOT
from app.database import make_engine
from app.migrations import Migrations

OWN = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("default",)


def upgrade():
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("thing")
"""
OPTION = """
import sqlalchemy as sa
from alembic import op

revision = "extras_0001"
down_revision = None
branch_labels = ("extras",)
depends_on = "0001"
owns = ("extra", "thing.mark")


def upgrade():
    op.create_table("extra", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("thing", sa.Column("mark", sa.Integer))
    op.create_index("ix_thing_mark", "thing", ["mark"])


def downgrade():
    op.drop_index("ix_thing_mark", "thing")
    op.drop_column("thing", "mark")
    op.drop_table("extra")
"""

MakeColumn = Callable[[], Column[Any]]


def mark() -> Column[Any]:
    return Column("mark", Integer, index=True)


def changed_mark() -> Column[Any]:
    return Column("mark", String, index=True)


def name() -> Column[Any]:
    return Column("name", String)


def reference() -> Column[Any]:
    return Column("extra_id", Integer, ForeignKey("extra.id", name="fk_extra"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    (folder / "extras").mkdir(parents=True)
    (folder / "0001_own.py").write_text(OWN)
    (folder / "extras" / "0001_extras.py").write_text(OPTION)
    shutil.copy(ROOT / "migrations" / "script.py.mako", folder)
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(make_url(f"sqlite:///{tmp_path}/db.sqlite3"))
    yield engine
    engine.dispose()


class Project:
    """A project whose database is up to date, and whose option is off."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.engine = engine
        self.models = MetaData()
        self.app = Flask(__name__)
        self.app.config["ALEMBIC"] = {"script_location": str(folder)}
        self.app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True}
        Migrations(self.app, metadatas=self.models, engines=engine, run_mkdir=False)
        self.declare(thing=[])
        self.db("upgrade")

    def declare(self, **tables: list[MakeColumn]) -> None:
        """Let the models be these tables, each with these columns and an id."""
        self.models.clear()
        for table, columns in tables.items():
            made = [make() for make in columns]
            Table(table, self.models, Column("id", Integer, primary_key=True), *made)

    def db(self, *words: str, code: int = 0) -> str:
        """Run `flask db` as a person types it."""
        with self.app.app_context():
            result = self.app.test_cli_runner().invoke(args=["db", *words])
        assert result.exit_code == code, result.output
        return result.output

    def migrate(self, message: str) -> str:
        """Write a migration and run it; return its text."""
        self.db("migrate", "-m", message)
        self.db("upgrade")
        self.db("current", "--check-heads")
        (file,) = self.folder.glob(f"*_{message}.py")
        return file.read_text()

    @property
    def tables(self) -> set[str]:
        return set(inspect(self.engine).get_table_names()) - {"alembic_version"}


@pytest.fixture
def project(folder: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Project:
    numbers = map(str, count(1001))
    monkeypatch.setattr(Migrations, "rev_id", lambda _: next(numbers))
    return Project(folder, engine)


def test_upgrade_and_stamp_go_to_the_head_of_every_branch(project: Project) -> None:
    assert project.tables == {"thing", "extra"}
    project.db("current", "--check-heads")
    project.db("downgrade", "extras@base")
    assert project.tables == {"thing"}
    project.db("current", "--check-heads", code=1)
    project.db("upgrade")
    project.db("stamp")
    project.db("current", "--check-heads")


def test_what_an_option_made_is_left_to_its_own_migrations(project: Project) -> None:
    project.db("check")
    project.declare(thing=[], mine=[])
    project.migrate("mine")
    project.declare(thing=[])
    assert "extra" not in project.migrate("without")
    assert project.tables == {"thing", "extra"}
    project.declare(thing=[changed_mark], extra=[])
    project.db("check", code=1)


@pytest.mark.parametrize(
    ("tables", "waits"),
    [
        ({"thing": [name], "other": []}, False),
        ({"thing": [mark, name], "extra": []}, False),
        ({"thing": [mark], "extra": [name]}, True),
        ({"thing": [mark], "extra": [], "other": [reference]}, True),
        ({"thing": [mark, reference], "extra": []}, True),
        ({"thing": [changed_mark], "extra": []}, True),
        ({}, True),
    ],
)
def test_migration_waits_for_an_option_that_it_names(
    project: Project, tables: dict[str, list[MakeColumn]], waits: bool
) -> None:
    project.declare(**tables)
    text = project.migrate("more")
    assert "down_revision: str | Sequence[str] | None = '0001'" in text
    needed = "'extras_0001'" if waits else "None"
    assert f"depends_on: str | Sequence[str] | None = {needed}" in text


def test_number_counts_the_migrations_of_the_project(project: Project) -> None:
    project.declare(thing=[], one=[])
    project.migrate("one")
    project.declare(thing=[], one=[], two=[])
    project.migrate("two")
    for words in (["downgrade"], ["downgrade", "-1"], ["downgrade", "1001"]):
        project.db(*words)
        assert project.tables == {"thing", "one", "extra"}
        project.db("upgrade")
    for words in (["downgrade", "2"], ["downgrade", "0001"]):
        project.db(*words)
        assert project.tables == {"thing", "extra"}
        project.db("upgrade")


def test_option_takes_nothing_of_the_project_back(project: Project) -> None:
    project.declare(thing=[mark], extra=[], other=[reference])
    project.migrate("other")
    assert "1001_other.py" in project.db("downgrade", "extras@base", code=1)
    assert project.tables == {"thing", "extra", "other"}
    project.db("downgrade")
    project.db("downgrade", "extras@base")
    assert project.tables == {"thing"}


def test_migration_on_the_branch_of_an_option_is_waited_for(project: Project) -> None:
    project.db("revision", "astray", "--empty", "--parent", "extras@head")
    project.db("upgrade")
    assert "1001_astray.py, 0001_own.py" in project.db("downgrade", code=1)
    project.declare(thing=[], other=[])
    assert "depends_on: str | Sequence[str] | None = '1001'" in project.migrate("more")
    assert "1001_astray.py" in project.db("downgrade", "extras@base", code=1)
    project.db("downgrade", "base")
    assert project.tables == set()
