"""Static files as production serves them: hashed names, compressed, kept for good."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.templatetags.static import static
from django.test import override_settings

from config.settings import production
from tests.conftest import browser


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """A folder to collect into."""
    return tmp_path / "static"


@pytest.mark.django_db
def test_static_files_are_hashed_compressed_and_immutable(collected: Path) -> None:
    with override_settings(
        STATIC_ROOT=collected,
        STORAGES=production.STORAGES,
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
    ):
        call_command("collectstatic", verbosity=0, interactive=False)
        address = static("site.css")
        response = browser().get(
            address, headers={"Accept-Encoding": "gzip", "Origin": "https://evil.example"}
        )
        b"".join(response)
        response.close()
        plain = browser().get("/static/../config/urls.py")
    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", address)
    assert response.status_code == 200
    assert response["Content-Encoding"] == "gzip"
    assert "Access-Control-Allow-Origin" not in response
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in response["Strict-Transport-Security"]
    assert plain.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/db.sqlite3",
        "/pyproject.toml",
        "/static/../.env",
        "/static/%2e%2e/.env",
        "/static/",
    ],
)
def test_nothing_else_is_served(path: str) -> None:
    assert browser().get(path).status_code == 404
