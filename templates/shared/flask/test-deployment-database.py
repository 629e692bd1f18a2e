"""The commands that README.md names, and what a supervisor and the checks are told."""

import re
import runpy{{ '\nfrom contextlib import nullcontext' if node else '' }}

import pytest
from structlog.testing import capture_logs

from app.environment import ROOT
from app.extensions import alembic


def test_dev_migrates_and_serves(app, development, monkeypatch):
    served = {}
{% if node %}
    monkeypatch.setattr("app.vite.running", lambda *_, **__: nullcontext())
{% endif %}
    monkeypatch.setattr("flask.cli.run_simple", lambda *_, **options: served.update(options))
    monkeypatch.setenv("FLASK_DEBUG", "0")
    assert development.test_cli_runner().invoke(args=["dev"]).exit_code == 0
    assert (served["use_reloader"], served["use_debugger"]) == (True, True)
    assert development.test_client().get("/readyz").status_code == 200
    monkeypatch.setenv("FLASK_DEBUG", "0")  # which the command set, and which `app` would keep
    refused = app.test_cli_runner().invoke(args=["dev"])
    assert (refused.exit_code, "application of production" in refused.output) == (2, True)


def test_no_migration_is_made_where_one_is_missing(development, monkeypatch):
    monkeypatch.setattr(alembic, "needs_upgrade", lambda: True)
    with development.app_context():
        result = development.test_cli_runner().invoke(args=["db", "migrate", "--message", "new"])
    assert (result.exit_code, "Run `flask db upgrade` first." in result.output) == (1, True)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("upgrade later", "'later'"),
        ("downgrade", "No migration of the project's own is applied."),
    ],
)
def test_a_migration_that_is_not_there_is_a_line(development, args, says):
    with development.app_context():
        result = development.test_cli_runner().invoke(args=["db", *args.split()])
    assert (result.exit_code, says in result.output) == (1, True)


@pytest.mark.parametrize("args", [["dev"], ["db", "upgrade"]])
def test_a_database_that_does_not_answer_is_said(make_app, tmp_path, args):
    app = make_app(production=False, DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/db.sqlite3")
    with app.app_context():
        result = app.test_cli_runner().invoke(args=args)
    assert (result.exit_code, "Look at DATABASE_URL." in result.output) == (1, True)


def test_the_deployment_check_is_green_and_names_what_was_derived(runner):
    result = runner.invoke(args=["check", "--deploy"])
    assert result.exit_code == 0
    assert "SITE_URL is not set: it is https://localhost." in result.output
    assert result.output.endswith("\n0 problems found.\n")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HSTS_SECONDS", "0", "{{ 'Browsers' if frontend != 'none' else 'Clients' }} do not insist on https."),
        ("DATABASE_URL", "sqlite:////nowhere/db.sqlite3", "The database does not answer"),
        ("DATABASE_URL", "sqlite:///{folder}/new.sqlite3", "Migrations are not applied."),
{% if frontend != 'none' %}
        ("MEDIA_ROOT", "/proc/media", "/proc/media cannot be written to"),
{% endif %}
    ],
)
def test_the_deployment_check_sees_what_was_forgotten(make_app, tmp_path, name, value, says):
    app = make_app(**{name: value.format(folder=tmp_path)})
    app.extensions["migration_heads"] |= {"later"}
    runner = app.test_cli_runner()
    result = runner.invoke(args=["check", "--deploy"])
    assert (result.exit_code, says in result.output) == (1, True)
    assert runner.invoke(args=["check", "--deploy", "--fail-level", "error"]).exit_code == 0
    if name != "HSTS_SECONDS":
        with capture_logs() as lines:
            probe = app.test_client().get("/readyz", headers={"Host": "10.0.0.7"})
        assert (probe.status_code, probe.text) == (503, "unavailable\n")
        assert says in str(lines)


{% include 'templates/shared/flask/test-gunicorn.py' %}


def test_migrations_match_the_models_and_can_be_taken_back(make_app, tmp_path):
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/test.sqlite3")
    with app.app_context():
        alembic.upgrade()
        alembic.downgrade("base")
        alembic.upgrade()
        assert not alembic.needs_upgrade()
        assert not alembic.needs_revision()
