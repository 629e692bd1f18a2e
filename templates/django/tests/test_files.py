"""Files: those of the site, as production serves them, and those that users send."""

import importlib
import re
from importlib.machinery import all_suffixes
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/db.sqlite3",
        "/pyproject.toml",
        "/static/",
        "/static/../.env",
        "/static/%2e%2e/.env",
        "/media/",
        "/media/nothing.txt",
        "/media/../manage.py",
        "/media/..%2fmanage.py",
    ],
)
def test_nothing_else_is_served(member: Client, path: str) -> None:
    assert member.get(path).status_code == 404


@pytest.mark.parametrize("name", ["a.py", "b/__init__.py", "c.PY", "d.pyc", "e.abi3.so", "f"])
def test_nothing_sent_can_be_imported_or_guessed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(settings.MEDIA_ROOT)
    monkeypatch.syspath_prepend(str(root.parent))
    stored = default_storage.save(name, ContentFile(b"raise SystemExit"))
    assert not stored.lower().endswith(tuple(all_suffixes()))
    assert re.search(r"-\w{16}(\.|$)", stored), "nobody can guess it"
    module = ".".join([root.name, *Path(stored).with_suffix("").parts])
    with pytest.raises(ImportError):
        importlib.import_module(module)


def test_a_file_comes_back_as_a_download(member: Client, client: Client) -> None:
    stored = default_storage.save("page.html", ContentFile(b"<script>alert(1)</script>"))
    address = default_storage.url(stored)
    response = member.get(address)
    assert b"".join(response) == b"<script>alert(1)</script>"
    response.close()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(address).status_code == 302
