"""Accounts: sign-up by mail, sign-in with a second factor, and what users do with their account."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the pages of the accounts to `app`, and close every other that is not public."""
    # Not above: these need `app.config`, which takes the settings of this package in.
    from app import access, menu
    from app.accounts import commands, outbox, second_factor, sessions

    app.config["PERMANENT_SESSION_LIFETIME"] = sessions.IDLE_LIFETIME
    access.init_app(app)
    app.register_blueprint(second_factor.blueprint)
    outbox.init_app(app)
    for command in (commands.invite, commands.user, commands.unlock):
        app.cli.add_command(command)
    menu.add_template(app, "accounts/menu.html")
