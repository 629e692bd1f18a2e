"""Notes: an example of a feature, with its own model and API; its pages are in `frontend/`."""

from flask import Flask

from app import {{ 'admin, ' if admin else '' }}client, menu
from app.extensions import csrf
from app.notes import api
{% if admin %}
from app.notes.models import Note
{% endif %}


def init_app(app: Flask) -> None:
    app.register_blueprint(api.blueprint)
    csrf.exempt(api.blueprint)  # the API asks for the token of a page itself
    client.name(app, "/notes/", "notes.index")
{% if admin %}
    admin.register(app, Note)
{% endif %}
    menu.add(app, menu.Entry("Notes", "notes.index"))
