"""The branches of the migrations: a project of one table, and an option that is off."""

import shutil
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, inspect

from app.database import make_engine
from app.environment import ROOT
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


def downgrade():
    op.drop_column("thing", "mark")
    op.drop_table("extra")
"""


def mark():
    return Column("mark", Integer)


def changed_mark():
    return Column("mark", String)


def reference():
    return Column("extra_id", Integer, ForeignKey("extra.id", name="fk_extra"))


class Project:
    """A project whose database is up to date, and whose option is off."""

    def __init__(self, folder, engine):
        self.folder = folder
        self.engine = engine
        self.models = MetaData()
        self.app = Flask(__name__)
        self.app.config["ALEMBIC"] = {"script_location": str(folder)}
        self.app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True}
        alembic = Migrations(self.app, metadatas=self.models, engines=engine, run_mkdir=False)
        numbers = count(2)  # two of a second would have one name otherwise
        alembic.rev_id = lambda: f"{next(numbers):04}"
        self.declare(thing=[])
        self.db("upgrade")

    def declare(self, **tables):
        """Let the models be these tables, each with these columns and an id."""
        self.models.clear()
        for table, columns in tables.items():
            made = [make() for make in columns]
            Table(table, self.models, Column("id", Integer, primary_key=True), *made)

    def db(self, *words, code=0):
        """Run `flask db` as a person types it."""
        with self.app.app_context():
            result = self.app.test_cli_runner().invoke(args=["db", *words])
        assert result.exit_code == code, result.output
        return result.output

    def migrate(self, message, name):
        """Write a migration and run it; return its text."""
        self.db("migrate", "-m", message)
        self.db("upgrade")
        self.db("current", "--check-heads")
        return (self.folder / f"{name}.py").read_text()

    @property
    def tables(self):
        return set(inspect(self.engine).get_table_names()) - {"alembic_version"}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "migrations"
    (folder / "extras").mkdir(parents=True)
    (folder / "0001_own.py").write_text(OWN)
    (folder / "extras" / "0001_extras.py").write_text(OPTION)
    shutil.copy(ROOT / "migrations" / "script.py.mako", folder)
    engine = make_engine(f"sqlite:///{tmp_path}/db.sqlite3")
    yield Project(folder, engine)
    engine.dispose()


def test_upgrade_and_stamp_go_to_the_head_of_every_branch(project):
    assert project.tables == {"thing", "extra"}
    project.db("downgrade", "extras@base")
    assert project.tables == {"thing"}
    project.db("current", "--check-heads", code=1)
    project.db("upgrade")
    project.db("stamp")
    project.db("current", "--check-heads")


def test_what_an_option_made_is_left_to_its_own_migrations(project):
    project.db("check")
    project.declare(thing=[], mine=[])
    project.migrate("mine", "0002_mine")
    project.declare(thing=[])
    assert "extra" not in project.migrate("Mine is gone!", "0003_mine_is_gone")
    assert project.tables == {"thing", "extra"}
    project.declare(thing=[changed_mark], extra=[])
    project.db("check", code=1)


@pytest.mark.parametrize(
    ("tables", "waits"),
    [
        ({"thing": [mark], "extra": [], "other": []}, False),
        ({"thing": [mark], "extra": [], "other": [reference]}, True),
        ({"thing": [mark, reference], "extra": []}, True),
        ({"thing": [changed_mark], "extra": []}, True),
        ({}, True),
    ],
)
def test_migration_waits_for_an_option_that_it_names(project, tables, waits):
    project.declare(**tables)
    text = project.migrate("more", "0002_more")
    assert "down_revision: str | Sequence[str] | None = '0001'" in text
    needed = "'extras_0001'" if waits else "None"
    assert f"depends_on: str | Sequence[str] | None = {needed}" in text


def test_a_number_is_of_migrations_of_the_project(project):
    project.declare(thing=[], one=[])
    project.migrate("one", "0002_one")
    project.declare(thing=[], one=[], two=[])
    project.migrate("two", "0003_two")
    for words in (["downgrade"], ["downgrade", "-1"], ["downgrade", "0002"]):
        project.db(*words)
        assert project.tables == {"thing", "one", "extra"}
        project.db("upgrade")
    for words in (["downgrade", "2"], ["downgrade", "0001"]):
        project.db(*words)
        assert project.tables == {"thing", "extra"}
        project.db("upgrade")


def test_option_takes_nothing_of_the_project_back(project):
    project.declare(thing=[mark], extra=[], other=[reference])
    project.migrate("other", "0002_other")
    assert "0002_other.py" in project.db("downgrade", "extras@base", code=1)
    assert project.tables == {"thing", "extra", "other"}
    project.db("downgrade")
    project.db("downgrade", "extras@base")
    assert project.tables == {"thing"}
