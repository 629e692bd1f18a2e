"""The database settings, and what SQLite's are for."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from config.database import SQLITE, database_settings

BASE = Path("/srv/site")
WRITER = """
import sys
from pathlib import Path

import django
from django.conf import settings

from config.database import database_settings

settings.configure(DATABASES={"default": database_settings(sys.argv[1], Path())})
django.setup()
from django.db import connection, transaction

for _ in range(25):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM line")
        (last,) = cursor.fetchone()
        cursor.execute("INSERT INTO line VALUES (%s)", [last + 1])
"""


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


def test_four_writers_share_one_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE line (number INTEGER UNIQUE)")
        database.execute("INSERT INTO line VALUES (0)")
        database.commit()
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, f"sqlite:///{path}"],
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        assert [writer.communicate()[1] for writer in writers] == [""] * 4
        assert database.execute("SELECT max(number) FROM line").fetchone() == (100,)
