"""Files: those of the site, as production serves them, and those that visitors send."""

import importlib
import io
import re
from importlib.machinery import all_suffixes
from pathlib import Path

import pytest
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField

from app import uploads
from app.access import is_public
from app.forms import Form


@pytest.mark.parametrize(
    "path",
    [
        *("/.env", "/.git/config", "/pyproject.toml", "/db.sqlite3", "/app/config.py"),
        *("/static/../config.py", "/static/%2e%2e/config.py", "/static/"{{ '' if client else ', "/console", "/admin/"' }}),
        *("/media/nothing.txt", "/media/../wsgi.py", "/media/..%2fwsgi.py", "/media/"),
    ],
)
def test_nothing_else_is_served(member, path):
    assert member.get(path).status_code == 404


def save(app, name, content=b"raise SystemExit"):
    with app.app_context():
        return uploads.save(FileStorage(io.BytesIO(content), name))


@pytest.mark.parametrize("name", ["a.py", "b/__init__.py", "c.PY", "d.pyc", "e.abi3.so", "f", ""])
def test_nothing_that_was_sent_can_be_imported(app, name, monkeypatch):
    root = Path(app.config["MEDIA_ROOT"])
    monkeypatch.syspath_prepend(str(root.parent))
    stored = save(app, name)
    assert not stored.lower().endswith(tuple(all_suffixes()))
    (root / "raw.py").write_text("raise SystemExit")  # as a view might that knows no better
    for module in (Path(stored).stem, "raw"):
        with pytest.raises(ImportError):
            importlib.import_module(f"{root.name}.{module}")


def test_names_cannot_be_guessed(app):
    names = {save(app, "report.pdf") for _ in range(2)}
    assert len(names) == 2
    assert all(re.fullmatch(r"report-[\w-]{16}\.pdf", name) for name in names)


def test_a_file_comes_back_as_a_download(app, member):
    stored = save(app, "page.html", b"<script>alert(1)</script>")
    response = member.get(f"/media/{stored}", buffered=True)
    assert response.data == b"<script>alert(1)</script>"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    everybody = is_public(app.view_functions["uploads.media"])
    stranger = app.test_client().get(f"/media/{stored}", buffered=True)
    assert stranger.status_code == (200 if everybody else 302)


def test_a_file_is_no_text(app):
    class Report(Form):
        name = StringField()
        page = FileField()

    sent = {"name": (io.BytesIO(b"a"), "a.pdf"), "page": (io.BytesIO(b"b"), "b.pdf")}
    with app.test_request_context(method="POST", data=sent):
        form = Report()
    assert form.name.data is None
    assert form.page.data.filename == "b.pdf"
