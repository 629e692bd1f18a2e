"""Commands: `flask dev` for every day, `flask check` before production starts."""

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, run_command, with_appcontext
from werkzeug.serving import is_running_from_reloader

from app import checks
from app.extensions import alembic


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app ...`."""
    app.cli.add_command(dev)
    app.cli.add_command(check)


@click.command()
@click.option("--host", "-h", default="127.0.0.1", show_default=True)
@click.option("--port", "-p", default=8000, show_default=True)
@click.pass_context
def dev(context: click.Context, host: str, port: int) -> None:
    """Bring the database up to date, then serve the site and reload it at every change."""
    app = context.ensure_object(ScriptInfo).load_app()
    if app.config["SETTINGS"].production:
        raise click.UsageError("This is the application of production. Use: flask --app app dev")
    if not is_running_from_reloader():
        with app.app_context():
            alembic.upgrade()
    context.invoke(run_command, host=host, port=port, reload=True, debugger=True)


@click.command()
@click.option("--deploy", is_flag=True, help="Check what production needs as well.")
@click.option("--fail-level", type=click.Choice(["warning", "error"]), default="warning")
@with_appcontext
def check(deploy: bool, fail_level: str) -> None:
    """List what is unsafe, and fail if anything is."""
    problems = checks.run(current_app, deploy=deploy)
    for problem in problems:
        click.echo(f"{problem.level}: {problem.text}\n  {problem.remedy}", err=True)
    click.echo(f"{len(problems)} problems found.")
    if any(fail_level == "warning" or problem.level == "error" for problem in problems):
        raise click.exceptions.Exit(1)
