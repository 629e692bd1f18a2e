"""Values that every template sees."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the title of the site and its menu; LoginView takes `site_name` itself."""
    return {
        "brand": settings.SITE_NAME,
        "site_description": settings.SITE_DESCRIPTION,
        "menu": SimpleLazyObject(lambda: list(menu(request))),
        "account_menu": SimpleLazyObject(lambda: list(links(request, ["account_menu"]))),
    }


def menu(request: HttpRequest) -> Iterator[dict[str, str]]:
    """Return what the installed apps put into the menu, in their order.

    Each `AppConfig` may have lists of labels and names of views: `public_menu` for all, `menu` for
    whoever is signed in, `staff_menu` for those who may open the admin, and `account_menu` for the
    menu below one's own address.
    """
    shown = ["public_menu"]
    if request.user.is_authenticated:
        shown.append("menu")
    if request.user.is_staff:
        shown.append("staff_menu")
    return links(request, shown)


def links(request: HttpRequest, names: list[str]) -> Iterator[dict[str, str]]:
    """Yield the entries of the lists with these names."""
    for app in apps.get_app_configs():
        for name in names:
            for label, view in getattr(app, name, ()):
                url = reverse(view)
                part = "true" if request.path.startswith(url) else ""
                current = "page" if request.path == url else part
                yield {"label": label, "url": url, "current": current}
