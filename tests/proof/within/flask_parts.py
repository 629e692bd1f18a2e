"""What the template answers for in a Flask project: copied into its tests, and run there."""

import multiprocessing
import os
import runpy
import smtplib
import sqlite3
from contextlib import closing
from email.message import EmailMessage
from threading import enumerate as threads
from unittest.mock import MagicMock

import pytest
from flask import Flask, url_for
from sqlalchemy import Column, String, event, text
from whitenoise import compress

from app import assets, config, mail
from app.config import ConfigurationError, Settings
from app.database import make_engine
from app.environment import ROOT
from app.extensions import alembic, db
from conftest import PRODUCTION
from tests.test_settings import load


def write(url):
    """Count on, fifty times, in a process of its own."""
    engine = make_engine(url)
    for _ in range(50):
        with engine.begin() as connection:
            number = connection.scalar(text("SELECT max(number) FROM line"))
            connection.execute(text("INSERT INTO line VALUES (:n)"), {"n": number + 1})
    engine.dispose()


def test_four_writers_share_one_sqlite_file(tmp_path):
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        database.execute("CREATE TABLE line (number INTEGER UNIQUE)")
        database.execute("INSERT INTO line VALUES (0)")
        database.commit()
        context = multiprocessing.get_context("fork")
        address = f"sqlite:///{tmp_path}/db.sqlite3"
        writers = [context.Process(target=write, args=(address,)) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert [writer.exitcode for writer in writers] == [0] * 4
        assert database.execute("SELECT max(number) FROM line").fetchone() == (200,)


def test_a_reading_request_does_not_wait_for_a_writer(app):
    with app.extensions["sqlalchemy"].engine.begin() as writer:
        writer.execute(text("SELECT 1"))
        client = app.test_client()
        assert client.get("/sample/data/").status_code == 200
        assert client.get("/readyz").status_code == 200


def test_migration_that_remakes_a_table_loses_no_row_that_refers_to_it(make_app, tmp_path):
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/test.sqlite3")
    with app.extensions["sqlalchemy"].engine.begin() as connection:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (1)",
        ):
            connection.execute(text(statement))
    with (
        app.app_context(),
        alembic.migration_context.begin_transaction(),
        alembic.op.batch_alter_table("parent", recreate="always") as parent,
    ):
        parent.add_column(Column("name", String))
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM child")) == 1
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


USUAL = {"options": "-c statement_timeout=30000", "connect_timeout": "5"}


@pytest.mark.parametrize(
    ("address", "host", "query"),
    [
        ("postgres://me:p%40ss@db/site", "db", USUAL),
        ("postgresql+psycopg://me:p%40ss@db/site?options=", "db", {"connect_timeout": "5"}),
        ("postgresql://me:p%40ss@%2Frun%2Fpg/site", "/run/pg", USUAL),
        (
            "postgresql://me:p%40ss@db/site?options=-csearch_path%3Dfoo&connect_timeout=17",
            "db",
            {"options": f"{USUAL['options']} -csearch_path=foo", "connect_timeout": "17"},
        ),
    ],
)
def test_the_address_wins_over_the_defaults(address, host, query):
    pytest.importorskip("psycopg")
    url = make_engine(address).url
    assert (url.drivername, url.host, url.password) == ("postgresql+psycopg", host, "p@ss")
    assert url.query == query


def test_static_files_are_compressed_where_a_release_made_it(tmp_path):
    (tmp_path / "static").mkdir()
    sheet = tmp_path / "static" / "site.css"
    sheet.write_text("a" * 100)
    packed = tmp_path / "static" / "site.css.gz"

    def fetch():
        app = Flask(__name__, root_path=str(tmp_path))
        app.config["SETTINGS"] = type("Settings", (), {"production": True})
        assets.init_app(app)
        with app.test_request_context():
            address = url_for("static", filename="site.css")
        headers = {"Accept-Encoding": "gzip"}
        response = app.test_client().get(address, headers=headers, buffered=True)
        assert response.status_code == 200
        return response.headers.get("Content-Encoding")

    assert fetch() is None
    compress.main([str(tmp_path / "static"), "--quiet"])
    assert packed.exists()
    assert fetch() == "gzip"
    sheet.write_text("b" * 100)
    os.utime(sheet, (sheet.stat().st_atime, sheet.stat().st_mtime + 60))
    assert fetch() is None


def test_a_page_without_data_opens_no_connection(app, client):
    opened: list[object] = []
    event.listen(app.extensions["sqlalchemy"].sessions, "after_begin", lambda *_: opened.append(1))
    client.get("/")
    assert not opened
    client.get("/sample/data/")
    assert opened


def test_a_missing_page_offers_the_way_back(client):
    for referrer, offered in (("https://localhost/a/", True), ("https://evil.example/a/", False)):
        page = client.get("/<script>", headers={"Referer": referrer}).text
        assert (f'href="{referrer}"' in page) is offered
        assert "<script" not in page


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probe_answers_an_address_over_plain_http(app, path):
    client = app.test_client()
    response = client.get(path, base_url="http://10.0.0.9:8000")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert client.post(path).status_code == 405


@pytest.mark.usefixtures("server")
def test_wsgi_is_production():
    app = runpy.run_path(str(ROOT / "wsgi.py"))["app"]
    assert app.config["SETTINGS"].production
    assert not app.debug


def test_sqlite_is_tuned(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/test.sqlite3")
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with engine.connect() as connection:
        values = [connection.scalar(text(f"PRAGMA {name}")) for name in names]
    engine.dispose()
    assert values == ["wal", 1, 1, 20_000]
    assert make_engine("sqlite:///db.sqlite3").url.database == str(ROOT / "db.sqlite3")


def test_what_is_not_committed_is_rolled_back(make_app, tmp_path):
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/test.sqlite3")
    with app.app_context():
        db.session.execute(text("CREATE TABLE work (number INTEGER)"))
        db.session.commit()
        db.session.execute(text("INSERT INTO work VALUES (1)"))
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM work")) == 0


def test_postgresql_needs_its_driver(monkeypatch):
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    with pytest.raises(ConfigurationError, match="needs psycopg"):
        load(DATABASE_URL="postgresql://user@host/name")


POST = mail.post


@pytest.fixture
def smtp(monkeypatch):
    """What is called in the place of `smtplib`."""
    smtp = MagicMock()
    smtp.return_value.__enter__.return_value = smtp
    monkeypatch.setattr(smtplib, "SMTP", smtp)
    monkeypatch.setattr(smtplib, "SMTP_SSL", smtp)
    return smtp


def deliver(url):
    message = EmailMessage()
    message["To"] = "ada@example.com"
    message.set_content("There")
    POST(Settings.load({**PRODUCTION, "EMAIL_URL": url}), message)
    for thread in threads():
        if thread.name == "mail":
            thread.join()


@pytest.mark.parametrize(("scheme", "port"), [("submission", 587), ("smtps", 465), ("smtp", 25)])
def test_mail_is_delivered(smtp, scheme, port):
    password = "" if scheme == "smtp" else "me:p%40ss@"
    deliver(f"{scheme}://{password}mail.example.com")
    assert smtp.call_args.args == ("mail.example.com", port)
    assert smtp.call_args.kwargs["timeout"] == 10
    assert ("context" in smtp.call_args.kwargs) is (scheme == "smtps")
    assert smtp.starttls.called is (scheme == "submission")
    assert smtp.login.call_args_list == ([(("me", "p@ss"),)] if password else [])
    assert smtp.send_message.call_args.args[0]["To"] == "ada@example.com"


def test_development_shows_mail_in_the_terminal(capsys):
    deliver("console:")
    assert "To: ada@example.com" in capsys.readouterr().err
