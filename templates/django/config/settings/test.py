"""Settings of the tests: those of production, behind one proxy that ends TLS."""

import os
import secrets
import tempfile

os.environ.update(
    SECRET_KEY=secrets.token_urlsafe(48),
    ALLOWED_HOSTS="testserver",
    ADMIN_PATH="office",
    TRUSTED_PROXY_COUNT="1",
    HSTS_SECONDS="31536000",
    LOG_LEVEL="INFO",
    EMAIL_URL="smtp://localhost",
    HSTS_PRELOAD="0",
)
for _name in ("DEBUG", "DEFAULT_FROM_EMAIL", "MEDIA_ROOT", "SITE_URL"):
    os.environ.pop(_name, None)
os.environ.setdefault("DATABASE_URL", "sqlite:///db.sqlite3")

from config.settings.production import *

# Static files from where they lie, under their plain names: tests need no `collectstatic`.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
_media = tempfile.TemporaryDirectory()
MEDIA_ROOT = _media.name
# Quick, with the same code around it; one test makes a hash with production's own hasher.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
