"""Notes: an example of a feature, with its own model, form, views and templates."""

from flask import Flask

from app import menu
from app.notes.views import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    menu.add(app, menu.Entry("Notes", "notes.index"))
