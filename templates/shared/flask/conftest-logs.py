@pytest.fixture
def log_lines(app, monkeypatch):
    """What the application has logged since the test began, parsed line by line."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        logs.configure("INFO", json=True)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.configure("INFO", json=True)
