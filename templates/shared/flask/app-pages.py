"""The application factory."""

{{ 'from apiflask import APIFlask\n' if api else '' }}from flask import Flask
from jinja2 import StrictUndefined

from app import (
{% if accounts %}
    accounts,
{% endif %}
    {{ 'admin,\n    ' if admin else '' }}{{ 'api,\n    ' if api else '' }}assets,
    {{ 'client,\n    ' if client else '' }}commands,
    errors,
    {{ 'fragments,\n    ' if htmx else '' }}logs,
    menu,
    {{ 'notes,\n    ' if database != 'none' else '' }}pages,
    probes,
    security,
    {{ 'uploads' if database != 'none' else 'word_counts' }},
)
from app.access import current_user
from app.config import SITE_DESCRIPTION, SITE_NAME, Settings, settings_here
from app.extensions import {{ 'alembic, csrf, db' if database != 'none' else 'csrf' }}


def create_app(settings: Settings | None = None) -> Flask:
    """Build an application: with `settings`, or with those of the place where it runs.

    Raises `ConfigurationError`, naming every setting that is missing or unsafe.
    """
    settings = settings or settings_here()
    app = {{ 'APIFlask(__name__, title=SITE_NAME, version="1", docs_path=None, spec_path=None)' if api else 'Flask(__name__)' }}
    app.config.from_mapping(settings.for_flask())
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        brand=SITE_NAME, site_description=SITE_DESCRIPTION, current_user=current_user
    )

    # A request is logged, its host checked, {{ 'its user found, ' if database != 'none' else '' }}and only then the token of its form.
    # Security is a layer around the static files.
    for part in (
        {{ 'db,\n        alembic,\n        ' if database != 'none' else '' }}logs,
        assets,
        security,
        errors,
        {{ 'fragments,\n        ' if htmx else '' }}menu,
        commands,
        probes,
        {{ 'uploads,\n        ' if database != 'none' else '' }}pages,
        {{ 'client,\n        ' if client else '' }}{{ 'api,\n        ' if api else '' }}{{ 'accounts,\n        ' if accounts else '' }}{{ 'admin,\n        ' if admin else '' }}{{ 'notes' if database != 'none' else 'word_counts' }},
        csrf,
    ):
        part.init_app(app)
    return app
