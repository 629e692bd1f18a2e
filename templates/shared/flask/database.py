"""SQLAlchemy: the base of the models, one engine an application, one session a request."""

{% if frontend != 'none' %}
from collections.abc import Sequence
{% endif %}
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, {{ 'abort, ' if frontend != 'none' else '' }}current_app, g, has_request_context, request
from sqlalchemy import Connection, Engine, MetaData, {{ 'Select, ' if frontend != 'none' else '' }}create_engine, event, make_url{{ ', select' if frontend != 'none' else '' }}
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
{% if frontend != 'none' %}
from sqlalchemy.sql.functions import count
{% endif %}

from app.environment import ROOT

DRIVERS = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")
{% if frontend != 'none' %}
PER_PAGE = 20
{% endif %}
SESSION = "-c statement_timeout=30000"  # milliseconds


class Base(DeclarativeBase):
    """The base of every model; named constraints let migrations change them later."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@dataclass(frozen=True)
class State:
    """The engine and the sessions of one application."""

    engine: Engine
    sessions: sessionmaker[Session]

    @property
    def engines(self) -> dict[str, Engine]:
        """The engine as Flask-Alembic looks for it; its connections may remake tables."""
        return {"default": self.engine.execution_options(remakes_tables=True)}


{% if frontend != 'none' %}
@dataclass(frozen=True)
class Page:
    items: Sequence[Any]
    number: int
    last: int


{% endif %}
class Database:
    def init_app(self, app: Flask) -> None:
        engine = make_engine(app.config["SETTINGS"].database_url.get_secret_value())
        app.extensions["sqlalchemy"] = State(engine, sessionmaker(engine))
        app.teardown_appcontext(close_session)

    @property
    def session(self) -> Session:
        """The session of the current application context, closed when the context ends."""
        if "db_session" not in g:
            g.db_session = current_app.extensions["sqlalchemy"].sessions()
        return g.db_session  # type: ignore[no-any-return]
{% if frontend != 'none' %}

    def paginate(self, query: Select[Any], number: int) -> Page:
        """Return page `number` of `query`, which must have an order; abort with 404 past the end."""
        rows = select(count()).select_from(query.order_by(None).subquery())
        last = max(1, -(-self.session.scalars(rows).one() // PER_PAGE))
        if not 1 <= number <= last:
            abort(404)
        items = self.session.scalars(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
        return Page(items, number, last)
{% endif %}


def close_session(_error: BaseException | None) -> None:
    if "db_session" in g:
        g.pop("db_session").close()


def make_engine(address: str) -> Engine:
    """Return an engine for DATABASE_URL; what its query says goes before the defaults."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(ROOT / (url.database or "")))
        engine = create_engine(url, connect_args={"timeout": 20})
        event.listen(engine, "connect", set_up_sqlite)
        event.listen(engine, "begin", begin_sqlite)
        return engine
    query = {"connect_timeout": "5", "options": SESSION, **url.query}
    given = parse_qs(urlsplit(address).query, keep_blank_values=True).get("options")
    if given == [""]:  # for a pooler, which takes none
        del query["options"]
    elif given:
        query["options"] = f"{SESSION} {given[-1]}"  # the last word wins, which is the user's
    host = unquote(url.host) if url.host else None
    url = url.set(drivername="postgresql+psycopg", host=host, query=query)
    # As many connections as a worker has threads (gunicorn.conf.py); a request that finds none
    # waits for `pool_timeout` seconds.
    return create_engine(url, pool_size=4, max_overflow=0, pool_timeout=5, pool_pre_ping=True)


def set_up_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions of its own: `begin_sqlite` does.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def begin_sqlite(connection: Connection) -> None:
    """Open a transaction; one that may write takes the lock at once, and waits for it.

    SQLite refuses, without waiting, to turn a reading transaction into a writing one after
    another process wrote.
    """
    options = connection.get_execution_options()
    if options.get("remakes_tables"):
        # To alter a table, Alembic fills a new one and drops the former; with it would go the rows
        # that refer to it. Within a transaction this has no effect.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    in_safe_request = has_request_context() and request.method in {"GET", "HEAD", "OPTIONS"}
    reading = options.get("reads_only", in_safe_request)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
