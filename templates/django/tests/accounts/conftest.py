"""What the library leaves to a commit or to a cache does not outlive a test."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda work, *_, **__: work())
    cache.clear()
