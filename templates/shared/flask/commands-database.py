"""Commands: `flask dev` for every day, `flask check --deploy` before production starts."""

import os
from collections.abc import Iterator{{ '\nfrom functools import partial' if node else '' }}

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, run_command, with_appcontext
from werkzeug.serving import is_running_from_reloader

from app.extensions import alembic, db
from app.migrations import said_in_a_line
from app.probes import faults

# Settings that follow from others where nobody sets them.
DERIVED = ("site_url", "default_from_email", "email_url"{{ ', "media_root"' if frontend != 'none' else '' }})


def init_app(app: Flask) -> None:
    app.cli.add_command(dev)
    app.cli.add_command(check)
    app.shell_context_processor(lambda: {"db": db})


@click.command()
@click.option("--host", "-h", default="127.0.0.1", show_default=True)
@click.option("--port", "-p", default=8000, show_default=True)
@click.pass_context
def dev(context: click.Context, host: str, port: int) -> None:
    """Bring the database up to date, then serve the {{ 'site' if frontend != 'none' else 'API' }} with debug pages, and reload it."""
    app = context.ensure_object(ScriptInfo).load_app()
    if app.config["SETTINGS"].production:
        raise click.UsageError("This is the application of production. Use: flask --app app dev")
    if not is_running_from_reloader():
        with app.app_context(), said_in_a_line():
            alembic.upgrade()
        click.echo(f"Database: {app.extensions['sqlalchemy'].engine.url!r}")
{% if admin and not client %}
        click.echo(f"Admin:    http://localhost:{port}/{app.config['SETTINGS'].admin_path}/")
{% endif %}
    os.environ["FLASK_DEBUG"] = "1"
{% include 'templates/shared/flask/commands-' ~ ('vite' if client else 'htmx' if htmx else 'run') ~ '.py' %}


@click.command()
@click.option("--deploy", is_flag=True, help="Check the settings of a server as well.")
@click.option("--fail-level", type=click.Choice(["warning", "error"]), default="warning")
@with_appcontext
def check(deploy: bool, fail_level: str) -> None:
    """Tell whether {{ 'pages' if frontend != 'none' else 'requests' }} will work here, and fail if not."""
    problems = [("warning", *fault) for fault in faults()]
    problems += check_settings() if deploy else ()
    for level, text, remedy in problems:
        click.echo(f"{level}: {text}\n  {remedy}", err=True)
    levels = [level for level, *_ in problems]
    click.echo(f"{len(levels) - levels.count('info')} problems found.")
    if "error" in levels or (fail_level == "warning" and "warning" in levels):
        raise click.exceptions.Exit(1)


def check_settings() -> Iterator[tuple[str, str, str]]:
    settings = current_app.config["SETTINGS"]
    if not settings.production or current_app.debug or current_app.testing:
        yield "error", "This is not the application of production.", "Serve wsgi:app."
    if not settings.hsts_seconds:
        yield "warning", "{{ 'Browsers' if frontend != 'none' else 'Clients' }} do not insist on https.", "Set HSTS_SECONDS to 3600, then more."
    for name in set(DERIVED) - settings.model_fields_set:
        value = str(getattr(settings, name)) if name != "email_url" else "smtp://localhost"
        yield "info", f"{name.upper()} is not set: it is {value}.", "Set it where that is wrong."
{% if frontend != 'none' %}
    if missing := current_app.extensions["uncompressed"]:
        remedy = "Run: python -m whitenoise.compress app/static{{ ', and frontend/dist' ~ ('/assets' if client else '') if node else '' }}"
        yield "info", f"Not compressed: {', '.join(missing)}.", remedy
{% endif %}
