"""Mails read alike in both frameworks."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
FOLDERS = {
    "django": TEMPLATES / "django/templates/mails",
    "flask": TEMPLATES / "flask/app/accounts/templates/accounts/mails",
}


def test_both_frameworks_send_the_same_texts() -> None:
    django, flask = (
        {file.name: file.read_text() for file in folder.glob("*.txt")}
        for folder in FOLDERS.values()
    )
    assert django == flask
    assert len(django) == 10
