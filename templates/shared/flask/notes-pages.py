"""Notes: an example of a feature, with its own model, form, views and templates."""

from flask import Flask

from app import {{ 'admin, ' if admin else '' }}menu
{% if api %}
from app.extensions import csrf
from app.notes import api
{% endif %}
{% if admin %}
from app.notes.models import Note
{% endif %}
from app.notes.views import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
{% if api %}
    app.register_blueprint(api.blueprint)
    csrf.exempt(api.blueprint)  # the API asks for the token of a page itself
{% endif %}
{% if admin %}
    admin.register(app, Note)
{% endif %}
    menu.add(app, menu.Entry("Notes", "notes.index"))
