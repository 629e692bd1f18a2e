"""Values that every template sees."""

from django.conf import settings
from django.http import HttpRequest


def brand(_request: HttpRequest) -> dict[str, str]:
    """Give templates the name of the site; LoginView takes `site_name` for something else."""
    return {"brand": settings.SITE_NAME}
