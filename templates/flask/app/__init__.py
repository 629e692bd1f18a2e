"""The application factory: `flask --app app` calls it for development, `wsgi.py` for production."""

from flask import Flask
from jinja2 import StrictUndefined

from app import assets, commands, errors, logs, notes, pages, probes, security
from app.config import SITE_NAME, Settings, development_settings
from app.extensions import alembic, csrf, db


def create_app(settings: Settings | None = None) -> Flask:
    """Build an application from `settings`; without any, from those of development.

    Raises `ConfigurationError`, naming every setting that is missing or unsafe.
    """
    settings = settings or development_settings()
    logs.configure(settings)

    app = Flask(__name__)
    app.config.from_mapping(settings.for_flask())
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["brand"] = SITE_NAME

    # Middleware wraps what came before it: security is the outermost.
    for part in (db, alembic, logs, assets, probes, security, csrf, errors, commands):
        part.init_app(app)
    for blueprint in (pages.blueprint, notes.blueprint):
        app.register_blueprint(blueprint)
    return app
