from flask import Flask

from app import menu
from app.shop.views import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    menu.add(app, menu.Entry("Shop", "shop.index"))
