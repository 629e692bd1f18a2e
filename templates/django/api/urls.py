"""Addresses of the API: none of them sends anybody elsewhere, to sign in or to another spelling."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.decorators.common import no_append_slash
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from api import schema
from api.routes import api


def addresses(api: NinjaAPI) -> list[URLPattern]:
    """Return the addresses of the resources; what Ninja has at the root is no page."""
    found = [entry for entry in api.urls[0] if isinstance(entry, URLPattern)]
    return [on_its_own(entry) for entry in found if entry.name != "api-root"]


def on_its_own(entry: URLPattern) -> URLPattern:
    """Leave it to `api.tokens` who asks, and whether the CSRF token of a session is right."""
    entry.callback = csrf_exempt(no_append_slash(login_not_required(entry.callback)))
    return entry


app_name = "api"
urlpatterns = [
    on_its_own(path("openapi.json", schema.openapi, name="openapi")),
    on_its_own(path("docs/", schema.docs, name="docs")),
    *addresses(api),
]
