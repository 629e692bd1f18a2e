"""Settings of the server: everything from the environment, https only, nothing by default."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.environment import check_required, check_secret, number

check_required()
if os.environ.get("DEBUG"):
    raise ImproperlyConfigured(
        f"DEBUG is `{os.environ['DEBUG']}`. Unset it: debug pages show secrets to visitors."
    )

from config.settings.base import *

check_secret("SECRET_KEY", SECRET_KEY)
for fallback in SECRET_KEY_FALLBACKS:
    check_secret("SECRET_KEY_FALLBACKS", fallback)

# Without a proxy in front, a client could send this header itself.
if TRUSTED_PROXY_COUNT > 0:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = number("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Browsers may then take the host into their lists, from which it takes months to get out.
SECURE_HSTS_PRELOAD = bool(number("HSTS_PRELOAD", 0))
# The check would ask for it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# `__Host-`: browsers take these cookies over https only, for this host only, for every path.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True

# Hashed names, so that browsers may keep the files for good; compressed once, here.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
}
