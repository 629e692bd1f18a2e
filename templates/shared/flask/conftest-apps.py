@pytest.fixture(scope="session")
def app(make_app):
    """The application, its database brought up to date."""
    app = make_app()
    with app.app_context():
        alembic.upgrade()
    return app


@pytest.fixture
def development(make_app, tmp_path):
    """The application of development."""
    return make_app(production=False, DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3")
