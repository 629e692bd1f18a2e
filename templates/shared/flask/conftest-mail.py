@pytest.fixture(autouse=True)
def mailbox(monkeypatch):
    """What the application would have mailed in this test."""
    kept: list[EmailMessage] = []
    monkeypatch.setattr("app.mail.post", lambda _settings, message: kept.append(message))
    return kept
