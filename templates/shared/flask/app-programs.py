"""The application factory."""

from apiflask import APIFlask

from app import api, commands, front, logs, notes, probes, security
from app.config import SITE_NAME, Settings, settings_here
from app.extensions import alembic, db


def create_app(settings: Settings | None = None) -> APIFlask:
    """Build an application: with `settings`, or with those of the place where it runs.

    Raises `ConfigurationError`, naming every setting that is missing or unsafe.
    """
    settings = settings or settings_here()
    app = APIFlask(
        __name__,
        title=SITE_NAME,
        version="1",
        docs_path=None,
        spec_path=None,
        static_folder=None,  # type: ignore[arg-type] # Flask takes it: there are no static files
    )
    app.config.from_mapping(settings.for_flask())

    # A request is logged, its host checked, and only then whoever sent it is asked for a token.
    for part in (db, alembic, logs, security, commands, probes, front, api, notes):
        part.init_app(app)
    return app
