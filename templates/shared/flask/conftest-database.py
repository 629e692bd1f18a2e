@pytest.fixture(scope="session")
def database_url(tmp_path_factory):
    """A database that only the tests use: a new file, or a new one beside that of DATABASE_URL."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/test.sqlite3"
        return
    url = make_url(given).set(drivername="postgresql+psycopg")
    name = f"test_{url.database}_{secrets.token_hex(4)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as server:
        server.execute(text(f'CREATE DATABASE "{name}"'))
        yield url.set(database=name).render_as_string(hide_password=False)
        server.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
