"""SQLAlchemy: the base of the models, one engine an application, one session a request."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.config import ROOT

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# As many connections as a worker has threads (gunicorn.conf.py); a request that finds none waits
# for `pool_timeout` seconds, and a statement ends after 30.
POSTGRESQL: dict[str, Any] = {
    "pool_size": 4,
    "max_overflow": 0,
    "pool_timeout": 5,
    "pool_pre_ping": True,
    "connect_args": {"connect_timeout": 5, "options": "-c statement_timeout=30000"},
}


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


class Database:
    """Gives code inside an application context its engine and its session."""

    def init_app(self, app: Flask) -> None:
        """Make the engine of `app`; it connects when a session first runs a statement."""
        url = make_url(app.config["SETTINGS"].database_url.get_secret_value())
        engine = make_engine(url)
        app.extensions["sqlalchemy"] = State(engine, sessionmaker(engine))
        app.teardown_appcontext(close_session)

    @property
    def state(self) -> State:
        """The engine and the session factory of the current application."""
        state: State = current_app.extensions["sqlalchemy"]
        return state

    @property
    def session(self) -> Session:
        """The session of the current application context, closed when the context ends."""
        if "db_session" not in g:
            g.db_session = self.state.sessions()
        session: Session = g.db_session
        return session


def close_session(_error: BaseException | None) -> None:
    """Close the session of the context that ends; what was not committed is rolled back."""
    session: Session | None = g.pop("db_session", None)
    if session is not None:
        session.close()


def make_engine(url: URL) -> Engine:
    """Return an engine for `url`; a relative SQLite path starts from the project's folder."""
    if url.drivername == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg"), **POSTGRESQL)
    path = str(ROOT / (url.database or ""))
    engine = create_engine(url.set(database=path), connect_args={"timeout": 20})
    event.listen(engine, "connect", set_up_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def set_up_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Tune a new SQLite connection for several processes that read and write at once."""
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
    if options.get("remakes_tables", False):
        # To alter a table, Alembic fills a new one and drops the former; with it would go the rows
        # that refer to it. Within a transaction this has no effect.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    reading = options.get("reads_only", False) or (
        has_request_context() and request.method in SAFE_METHODS
    )
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
