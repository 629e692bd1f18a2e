"""Files: those of the site, as production serves them."""

import io

import pytest
from flask_wtf.file import FileField
from wtforms import StringField

from app.forms import Form


@pytest.mark.parametrize(
    "path",
    [
        *("/.env", "/.git/config", "/pyproject.toml", "/app/config.py", "/console", "/admin/"),
        *("/static/../config.py", "/static/%2e%2e/config.py", "/static/", "/media/"),
    ],
)
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404


def test_a_file_is_no_text(app):
    class Report(Form):
        name = StringField()
        page = FileField()

    sent = {"name": (io.BytesIO(b"a"), "a.pdf"), "page": (io.BytesIO(b"b"), "b.pdf")}
    with app.test_request_context(method="POST", data=sent):
        form = Report()
    assert form.name.data is None
    assert form.page.data.filename == "b.pdf"
