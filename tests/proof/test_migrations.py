"""Options with migrations come and go in projects that have data and migrations of their own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postgresql
import pytest
from command_line import read_json
from newcomer import ROOT, Installed, Project, clone, run, shell
from test_example import drop_mentions, remove_example

from stackgen.template.source import Source
from stackgen.updating.applying import update
from stackgen.updating.outcome import FileUpdate

MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
"""
MODEL = """

class {name}(Base):
    __tablename__ = "{table}"
    id: Mapped[int] = mapped_column(primary_key=True)
    {field}
"""
QUERY = """\
import json, sys
from sqlalchemy import create_engine, text
with create_engine(sys.argv[1].replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
    found = connection.execute(text(sys.argv[2]))
    print(json.dumps([list(row) for row in found] if found.returns_rows else [], default=str))
"""
CHECK = """\
from wsgi import app
from app.extensions import alembic
with app.app_context():
    assert not alembic.needs_upgrade(), "the database lacks a migration"
    assert not alembic.needs_revision(), "the models lack a migration"
assert app.test_client().get("/readyz").status_code == 200
"""
USER = (
    "INSERT INTO account (email, password_hash, active, created)"
    " VALUES ('ada@example.com', 'x', true, '2026-01-02 03:04:05')"
)
NOTE = "INSERT INTO note (title, text, created) VALUES ('A title', 'a text', '2026-01-02 03:04:05')"
OF_ACCOUNTS = {"account", "sign_in", "attempts"}


def on(database: str, *later: str) -> pytest.MarkDecorator:
    """Run a test on a database, and on others where there is time."""
    others = [pytest.param(name, marks=pytest.mark.soak) for name in later]
    return pytest.mark.parametrize("url", [database, *others], indirect=True)


@dataclass
class Shop:
    """A project of somebody's, its database, and the programs that they have."""

    path: Path
    url: str
    bin: Path
    stackgen: tuple[str, ...]

    def db(self, *words: str, fails: bool = False) -> str:
        """Run `flask db` as a person types it."""
        command = (str(self.bin / "flask"), "--app", "app", "db", *words)
        done = run(*command, cwd=self.path, check=False, DATABASE_URL=self.url)
        assert bool(done.returncode) is fails, done.stdout
        return done.stdout

    def sql(self, statement: str) -> Any:
        """Run a statement in the database; return the rows that it finds."""
        python = str(self.bin / "python")
        return json.loads(run(python, "-c", QUERY, self.url, statement, cwd=self.path).stdout)

    @property
    def tables(self) -> set[str]:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        if self.url.startswith("postgresql"):
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return {name for (name,) in self.sql(names)}

    def empty_database(self) -> None:
        if self.url.startswith("sqlite"):
            Path(self.url.removeprefix("sqlite:///")).unlink()
            return
        self.sql("DROP SCHEMA public CASCADE")
        self.sql("CREATE SCHEMA public")

    def update(self, *words: str) -> str:
        """Update and commit what came of it; return what was said."""
        said = run(*self.stackgen, "update", *words, cwd=self.path).stdout
        self.commit("Update")
        return said

    def commit(self, message: str) -> None:
        shell(f"git add --all && git commit --quiet --allow-empty -m '{message}'", self.path)

    def status(self) -> set[str]:
        """The files that are not as the template has them."""
        said = run(*self.stackgen, "status", "--json", cwd=self.path, check=False).stdout
        (project,) = read_json(["status", "--json"], said[said.index("[") :])
        return {file["path"] for file in project["files"] if file["state"] != "same"}

    def write_model(self, table: str, field: str) -> None:
        models = self.path / "app/pages/models.py"
        if not models.exists():
            models.write_text(MODELS)
            self.import_models()
        with models.open("a") as file:
            file.write(MODEL.format(name=table.title(), table=table, field=field))

    def import_models(self) -> None:
        with (self.path / "app/pages/__init__.py").open("a") as package:
            package.write("\nfrom app.pages import models as models\n")

    def add_table(self, table: str, field: str = "label: Mapped[str]", value: str = "'x'") -> str:
        """Add a model, its migration and a row; return the migration's text."""
        self.write_model(table, field)
        self.db("migrate", "-m", table)
        self.db("upgrade")
        column = field.partition(":")[0]
        self.sql(f"INSERT INTO {table} ({column}) VALUES ({value})")  # noqa: S608 - its own values
        self.commit(table)
        (written,) = (self.path / "migrations").glob(f"*_{table}.py")
        return written.read_text()

    def check(self) -> None:
        """Hold that database, migrations and models fit together, and that the site is ready."""
        variables = Project(self.path, "flask", {}, database_url=self.url).production
        variables["EMAIL_URL"] = "smtp://localhost"
        run(str(self.bin / "python"), "-c", CHECK, cwd=self.path, **variables)

    def test(self) -> None:
        """Run those of the project's own tests that touch the database."""
        tests = "tests/test_deployment.py"
        shell(f"{self.bin}/python -m pytest -q {tests}", self.path, DATABASE_URL=self.url)


@pytest.fixture(scope="module")
def programs(installed: Installed, tmp_path_factory: pytest.TempPathFactory, uv: str) -> Path:
    """What runs a Flask project with every option, of this version and of the first."""
    path = tmp_path_factory.mktemp("programs") / "acme-shop"
    installed.new(path, "--set", "accounts=true", framework="flask")
    run(uv, "venv", "--quiet", ".venv", cwd=path)
    install = (uv, "pip", "install", "--quiet", "--python", ".venv")
    run(*install, "-e", ".[dev,postgresql]", "pydantic-settings", cwd=path)
    return path / ".venv/bin"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/shop.sqlite3"
    return str(request.getfixturevalue("server"))


@pytest.fixture
def shop(installed: Installed, programs: Path, tmp_path: Path, url: str) -> Shop:
    """A project without accounts, a migration of its own and data in its tables."""
    path = tmp_path / "acme-shop"
    installed.new(path, framework="flask")
    shop = Shop(path, url, programs, (str(installed.program),))
    if url.startswith("postgresql"):
        shop.empty_database()
    shop.db("upgrade")
    shop.sql(NOTE)
    shop.add_table("article")
    return shop


@on("sqlite", "postgresql")
def test_accounts_come_go_and_come_back(shop: Shop) -> None:
    shop.update("--set", "accounts=true")
    shop.db("upgrade")
    shop.sql(USER)
    shop.sql("UPDATE note SET owner_id = (SELECT id FROM account)")
    assert "depends_on: str | Sequence[str] | None = None" in shop.add_table("comment")
    shop.check()

    said = shop.update("--set", "accounts=false")
    assert "migrations/accounts/0001_accounts.py" not in said
    assert "`flask --app app db downgrade accounts@base`" in said.replace(".venv/bin/", "")
    assert not any(path.startswith("migrations/") for path in shop.status())
    shop.db("upgrade")
    shop.db("current", "--check-heads")
    shop.db("check")
    shop.check()
    shop.test()
    written = shop.add_table("invoice")
    assert not any(name in written for name in ("account", "sign_in", "attempts", "owner_id"))
    shop.db("downgrade")
    assert "invoice" not in shop.tables
    shop.db("upgrade")
    shop.check()
    shop.update()

    shop.update("--set", "accounts=true")
    shop.db("upgrade")
    shop.check()
    assert shop.sql("SELECT title, email FROM note JOIN account ON account.id = owner_id") == [
        ["A title", "ada@example.com"]
    ]
    assert shop.sql("SELECT label FROM article UNION ALL SELECT label FROM comment") == [["x"]] * 2
    shop.empty_database()
    shop.db("upgrade")
    shop.check()


@pytest.mark.soak
@on("postgresql", "sqlite")
def test_accounts_are_taken_back_and_come_anew(shop: Shop) -> None:
    shop.update("--set", "accounts=true")
    shop.db("upgrade")
    shop.sql(USER)
    shop.sql("UPDATE note SET owner_id = (SELECT id FROM account)")
    shop.update("--set", "accounts=false")
    shop.db("downgrade", "accounts@base")
    assert not OF_ACCOUNTS & shop.tables
    shell("git rm -rq migrations/accounts && git commit -qm 'No accounts'", shop.path)
    shop.db("upgrade")
    shop.check()
    assert shop.sql("SELECT title, label FROM note, article") == [["A title", "x"]]
    shop.update()
    assert not list(shop.path.glob("migrations/accounts/*.py"))

    shop.update("--set", "accounts=true")
    shop.db("upgrade")
    shop.sql(USER)
    author = 'author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))'
    written = shop.add_table("comment", author, "(SELECT id FROM account)")
    assert 'depends_on: str | Sequence[str] | None = "accounts_0003"' in written
    assert "_comment.py" in shop.db("downgrade", "accounts@base", fails=True)
    assert shop.tables > OF_ACCOUNTS
    shop.check()
    shop.empty_database()
    shop.db("upgrade")
    shop.check()


@on("sqlite")
def test_accounts_come_where_the_example_was_removed(shop: Shop) -> None:
    shop.db("downgrade", "default@base")
    shell("git reset --quiet --hard HEAD^", shop.path)
    remove_example(shop.path)
    shop.db("upgrade")
    shop.add_table("article")
    done = run(*shop.stackgen, "update", "--set", "accounts=true", cwd=shop.path, check=False)
    assert done.returncode == 3
    for name in shell("git diff --name-only --diff-filter=U", shop.path).split():
        shell(f"git checkout --quiet --theirs {name}", shop.path)
        drop_mentions(shop.path / name)
    shop.commit("Accounts")
    shop.db("upgrade")
    assert shop.tables > OF_ACCOUNTS
    shop.check()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The stackgen whose projects had the accounts' migration among the others."""
    folder = tmp_path_factory.mktemp("first")
    moved = "templates/flask/migrations/0002_accounts.py"
    commit = shell(f"git rev-list -1 HEAD -- {moved}", ROOT).strip()
    shell(f"git clone --quiet --no-checkout '{ROOT}' source", folder)
    shell(f"git checkout --quiet {commit}^", folder / "source")
    shell("python3 -m venv venv", folder)
    shell("venv/bin/python -m pip install -q ./source", folder)
    return (str(folder / "venv/bin/stackgen"),)


@on("postgresql", "sqlite")
def test_project_of_the_first_version_carries_on(
    first: tuple[str, ...], programs: Path, tmp_path: Path, url: str
) -> None:
    words = ("new", "acme-shop", "--framework", "flask", "--set", "accounts=true")
    run(*first, *words, cwd=tmp_path)
    shop = Shop(tmp_path / "acme-shop", url, programs, ())
    later = Source(root=ROOT, tag="v99.0.0", history=ROOT)
    if url.startswith("postgresql"):
        shop.empty_database()
    shop.db("upgrade")
    shop.sql(USER)
    shop.sql(NOTE)
    shop.sql("UPDATE note SET owner_id = (SELECT id FROM account)")
    shop.write_model("article", "label: Mapped[str]")
    shop.db("revision", "article")
    shop.db("upgrade")
    shop.sql("INSERT INTO article (label) VALUES ('x')")
    shop.commit("Articles")

    result = update(shop.path, template=later)
    assert FileUpdate(path="migrations/0002_accounts.py", state="deleted") in result.files
    assert result.conflicts == ("app/pages/__init__.py",)
    shell("git checkout --quiet --theirs app/pages/__init__.py", shop.path)
    shop.import_models()
    shop.commit("Update")
    shop.db("upgrade")
    shop.check()
    reference = 'article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))'
    shop.add_table("comment", reference, "(SELECT id FROM article)")
    shop.check()
    assert "_article.py" in shop.db("downgrade", "accounts@base", fails=True)
    shop.db("downgrade")
    assert {"article", "note"} < shop.tables
    assert "comment" not in shop.tables
    assert update(shop.path, {"accounts": "false"}, template=later).kept
    shop.commit("No accounts")
    shop.db("upgrade")
    shop.check()
    assert shop.sql("SELECT title, label FROM note, article") == [["A title", "x"]]
    shop.empty_database()
    shop.db("upgrade")
    shop.check()


@pytest.mark.parametrize("project", ["django"], indirect=True)
def test_app_with_migrations_goes_and_comes_back(project: Project, tmp_path: Path) -> None:
    """Django needs nothing of ours: an app is a line of its own."""
    shop = clone(project, tmp_path / "shop")
    settings = shop / "config/settings/base.py"
    without = settings.read_text()

    def manage(*words: str) -> str:
        return run(project.python, "manage.py", *words, cwd=shop).stdout

    manage("startapp", "extras")
    settings.write_text(without + '\nINSTALLED_APPS += ["extras"]\n')
    field = "owner = models.ForeignKey('users.User', models.CASCADE)"
    model = f"from django.db import models\nclass Extra(models.Model):\n    {field}\n"
    (shop / "extras/models.py").write_text(model)
    manage("makemigrations", "extras")
    manage("migrate")
    count = "from extras.models import Extra; print(Extra.objects.count(), 'rows')"
    user = "from users.models import User; user = User.objects.create(email='ada@example.com')"
    manage("shell", "-c", f"{user}; user.extra_set.create()")

    settings.write_text(without)
    manage("migrate", "--check")
    manage("makemigrations", "--check", "--dry-run")
    manage("migrate")
    settings.write_text(without + '\nINSTALLED_APPS += ["extras"]\n')
    manage("migrate", "--check")
    assert "1 rows" in manage("shell", "-c", count)
    manage("migrate", "extras", "zero")
    settings.write_text(without)
    shutil.rmtree(shop / "extras")
    manage("migrate", "--check")
