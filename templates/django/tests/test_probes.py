"""The probes answer a supervisor, and tell nothing."""

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.test import Client

from config import probes


def test_livez_needs_no_host_https_or_database() -> None:
    response = Client().get("/livez", headers={"Host": "10.0.0.7"})
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.django_db
def test_readyz_sees_the_database() -> None:
    response = Client().get("/readyz", headers={"Host": "10.0.0.7"})
    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.mark.django_db
def test_readyz_sees_missing_migrations() -> None:
    MigrationRecorder.Migration.objects.filter(app="users").delete()
    response = Client().get("/readyz")
    assert (response.status_code, response.text) == (503, "unavailable\n")


@pytest.mark.django_db
def test_readyz_tells_nothing_when_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    down = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nonexistent/s3cret.sqlite3"}
    monkeypatch.setattr(probes, "connection", ConnectionHandler({"default": down})["default"])
    response = Client().get("/readyz")
    assert (response.status_code, response.text) == (503, "unavailable\n")


@pytest.mark.parametrize("probe", probes.PROBES)
def test_probes_are_for_reading(probe: str) -> None:
    assert Client().post(probe).status_code == 405
    assert Client().head(probe).status_code in {200, 503} if probe == probes.LIVE else True
