"""The database settings, and what SQLite's are for."""

import multiprocessing
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ConnectionHandler

from config.database import SQLITE, database_settings

BASE = Path("/srv/site")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///db.sqlite3", "/srv/site/db.sqlite3"),
        ("sqlite:////var/lib/db.sqlite3", "/var/lib/db.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_sqlite(url: str, name: str) -> None:
    settings = database_settings(url, BASE)
    assert settings["NAME"] == name
    assert settings["OPTIONS"] == SQLITE


def test_postgresql_has_a_pool() -> None:
    settings = database_settings("postgresql://me:p%40ss@db:5433/site?sslmode=require", BASE)
    assert (settings["USER"], settings["PASSWORD"], settings["PORT"]) == ("me", "p@ss", 5433)
    assert settings["OPTIONS"]["pool"]["max_size"] == 4
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["CONN_MAX_AGE"] == 0
    assert settings["CONN_HEALTH_CHECKS"] is True


def write(url: str) -> None:
    """Count on, fifty times, in a process of its own."""
    connections["default"] = ConnectionHandler({"default": database_settings(url, BASE)})["default"]
    for _ in range(50):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT max(number) FROM line")
            (last,) = cursor.fetchone()
            cursor.execute("INSERT INTO line VALUES (%s)", [last + 1])


@pytest.mark.django_db
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows starts processes another way.")
def test_four_writers_share_one_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE line (number INTEGER UNIQUE)")
        database.execute("INSERT INTO line VALUES (0)")
        database.commit()
        context = multiprocessing.get_context("fork")
        writers = [context.Process(target=write, args=(f"sqlite:///{path}",)) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert [writer.exitcode for writer in writers] == [0] * 4
        assert database.execute("SELECT max(number) FROM line").fetchone() == (200,)
