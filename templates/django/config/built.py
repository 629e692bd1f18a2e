"""The script that is built in `frontend/`, and what to do where it is not."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

NOT_BUILT = "The script of `frontend/` is not built, or was not collected."
BUILD = (
    "Run: python -m config.npm ci, then: python -m config.npm run build, "
    "then: manage.py collectstatic --noinput"
)


def is_built() -> bool:
    """Tell whether pages find the script."""
    try:
        static("built/site.js")
    except ValueError:
        return False
    return True


def check_built() -> None:
    """Refuse to start a server whose pages would lack their script."""
    if not settings.DEBUG and not is_built():
        raise ImproperlyConfigured(f"{NOT_BUILT} {BUILD}")
