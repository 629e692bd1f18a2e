"""Notes: an example of a resource, with its own model."""

from flask import Flask

from app.notes import api


def init_app(app: Flask) -> None:
    app.register_blueprint(api.blueprint)
