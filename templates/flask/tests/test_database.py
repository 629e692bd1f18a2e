"""The database under load, and what its migrations say about the models."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Column, Engine, String, make_url, text
from sqlalchemy.exc import IntegrityError

from app.database import POSTGRESQL, make_engine
from app.extensions import alembic, db
from tests.conftest import MakeApp

WRITERS = 4
WRITES = 50


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(f"PRAGMA {name}"))


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(make_url(f"sqlite:///{tmp_path}/test.sqlite3"))
    yield engine
    engine.dispose()


def test_sqlite_is_tuned(sqlite: Engine) -> None:
    assert pragma(sqlite, "journal_mode") == "wal"
    assert pragma(sqlite, "synchronous") == 1
    assert pragma(sqlite, "foreign_keys") == 1
    assert pragma(sqlite, "busy_timeout") == 20_000


def test_sqlite_keeps_references_whole(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE child (parent INTEGER REFERENCES parent (id))"))
    with sqlite.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO child VALUES (1)"))


def write(url: str, failures: "multiprocessing.SimpleQueue[str]") -> None:
    """Read a number and write the next one, many times."""
    engine = make_engine(make_url(url))
    try:
        for _ in range(WRITES):
            with engine.begin() as connection:
                number = connection.scalar(text("SELECT max(number) FROM storm")) or 0
                connection.execute(text("INSERT INTO storm VALUES (:n)"), {"n": number + 1})
    except Exception as error:  # noqa: BLE001
        failures.put(str(error))
    engine.dispose()


def test_four_processes_write_at_once(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        connection.execute(text("CREATE TABLE storm (number INTEGER PRIMARY KEY)"))
    processes = multiprocessing.get_context("fork")
    failures = processes.SimpleQueue()
    url = str(sqlite.url)
    sqlite.dispose()
    writers = [processes.Process(target=write, args=(url, failures)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures.empty()
    with sqlite.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM storm")) == WRITERS * WRITES


def test_reading_request_does_not_wait_for_a_writer(app: Flask) -> None:
    with app.extensions["sqlalchemy"].engine.begin() as writer:
        writer.execute(text("SELECT 1"))
        client = app.test_client()
        assert client.get("/sample/data/").status_code == 200
        assert client.get("/readyz").status_code == 200


def test_what_is_not_committed_is_rolled_back(app: Flask) -> None:
    engine = app.extensions["sqlalchemy"].engine
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE work (number INTEGER)"))
    with app.app_context():
        db.session.execute(text("INSERT INTO work VALUES (1)"))
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM work")) == 0
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE work"))


def test_migrations_match_the_models(app: Flask) -> None:
    with app.app_context():
        assert not alembic.needs_upgrade()
        assert not alembic.needs_revision()


def test_migrations_go_down_and_up_again(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(database_url=SecretStr(f"sqlite:///{tmp_path}/test.sqlite3"))
    with app.app_context():
        alembic.upgrade()
        alembic.downgrade("base")
        alembic.upgrade()
        assert not alembic.needs_upgrade()


def test_migration_that_remakes_a_table_loses_no_row_that_refers_to_it(
    make_app: MakeApp, tmp_path: Path
) -> None:
    app = make_app(database_url=SecretStr(f"sqlite:///{tmp_path}/test.sqlite3"))
    with app.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(
            text("CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)")
        )
        connection.execute(text("INSERT INTO parent VALUES (1)"))
        connection.execute(text("INSERT INTO child VALUES (1)"))
    with (
        app.app_context(),
        alembic.migration_context.begin_transaction(),
        alembic.op.batch_alter_table("parent", recreate="always") as parent,
    ):
        parent.add_column(Column("name", String))
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM child")) == 1
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


def test_postgresql_is_reached_through_psycopg(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        "app.database.create_engine", lambda url, **options: asked.extend((url, options))
    )
    make_engine(make_url("postgresql://user:word@host/name"))
    assert asked[0].render_as_string(False) == "postgresql+psycopg://user:word@host/name"
    assert asked[1] == POSTGRESQL
