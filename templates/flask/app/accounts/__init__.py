"""Accounts: sign-up by mail, sign-in, sign-out, a new password, and pages that need a sign-in."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the pages of the accounts to `app`, and close every other that is not public."""
    # Not above: these need `app.config`, which takes the settings of this package in.
    from app import access, menu
    from app.accounts import commands, sessions, views

    app.config["PERMANENT_SESSION_LIFETIME"] = sessions.IDLE_LIFETIME
    access.init_app(app)
    app.register_blueprint(views.blueprint)
    app.cli.add_command(commands.user)
    app.cli.add_command(commands.unlock)
    menu.add_template(app, "accounts/menu.html")
