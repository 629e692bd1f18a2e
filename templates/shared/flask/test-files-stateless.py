"""Files: those of the site, as production serves them."""

import pytest


@pytest.mark.parametrize(
    "path",
    [
        *("/.env", "/.git/config", "/pyproject.toml", "/app/config.py", "/console", "/admin/"),
        *("/static/../config.py", "/static/%2e%2e/config.py", "/static/", "/media/"),
    ],
)
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404
