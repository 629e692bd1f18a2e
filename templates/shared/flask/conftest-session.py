@pytest.fixture
def server(place, monkeypatch):
    """The same folder on a server, whose environment has what production needs."""
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return place


@pytest.fixture
def session(app):
    """A session whose work, and that of every request, is rolled back after the test."""
    state = app.extensions["sqlalchemy"]
    with state.engine.connect() as connection, connection.begin() as outer:
        state.sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        # No application context stays open here: requests of a test would share it, and its `g`.
        with state.sessions() as session:
            yield session
        state.sessions.configure(bind=state.engine, join_transaction_mode="conditional_savepoint")
        outer.rollback()
