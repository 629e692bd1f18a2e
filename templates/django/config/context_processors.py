"""Values that every template sees."""

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, str]:
    """Give templates the site's name."""
    return {"site_name": settings.SITE_NAME}
