def make_program(app, secret=SECRET):
    """Return a client that shows a token with every request."""
    program = app.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return program


@pytest.fixture
def program(app):
    return make_program(app)


@pytest.fixture
def reader(app):
    """A program whose token may only read."""
    return make_program(app, READER)
