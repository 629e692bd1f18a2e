"""The application of production, for a WSGI server: `gunicorn wsgi:app`."""

from app import create_app
from app.config import production_settings

app = create_app(production_settings())
