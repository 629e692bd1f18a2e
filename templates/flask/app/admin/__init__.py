"""The admin: lists, forms and actions for staff, made from the models that parts register."""

from flask import Flask

from app.admin.registry import register

__all__ = ["init_app", "register"]


def init_app(app: Flask) -> None:
    """Add the admin to `app`, at the address that ADMIN_PATH names."""
    # Not above: these need `app.config`, which takes the settings of this package in.
    from app import menu
    from app.access import current_user
    from app.accounts.models import User
    from app.admin import users, views
    from app.admin.models import LogEntry

    register(app, User, **users.OPTIONS)
    columns = ("created", "email", "action", "model", "label", "fields")
    register(app, LogEntry, name="Log entry", plural="Log", columns=columns, can=())
    path = app.config["SETTINGS"].admin_path
    app.before_request(views.require_staff)
    app.register_blueprint(views.blueprint, url_prefix=f"/{path}")
    entry = menu.Entry("Admin", "admin.index", lambda: current_user.has_role("staff"))
    menu.add(app, entry, "account")
