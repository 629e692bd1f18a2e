"""The API: how much it may be asked, from where, and who sees its description."""

import re

from django.core.exceptions import ImproperlyConfigured

from config.environment import items, number


def origins() -> list[str]:
    """Return the origins that the environment names; refuse what no browser sends as one."""
    found = items("API_CORS_ORIGINS")
    for origin in found:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?", origin):
            raise ImproperlyConfigured(
                f"API_CORS_ORIGINS cannot hold `{origin}`. Set it to origins alone, such as "
                "`https://app.example.com`, separated by commas."
            )
    return found


# Requests a minute, for a token and for a network; 0 is no limit
API_LIMIT_TOKEN = number("API_LIMIT_TOKEN", 600)
API_LIMIT_NETWORK = number("API_LIMIT_NETWORK", 1200)
# Everybody may see the description and the page to try it on, and not staff and tokens alone
API_DOCS_PUBLIC = bool(number("API_DOCS_PUBLIC", 0))

# Sites whose scripts may call the API, with a token and never with the session of a visitor
CORS_ALLOWED_ORIGINS = origins()
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = (
    *("authorization", "content-type", "idempotency-key", "if-match", "if-none-match"),
)
CORS_EXPOSE_HEADERS = ["ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-ID"]
CORS_PREFLIGHT_MAX_AGE = 600
