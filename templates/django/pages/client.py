"""The pages made in the browser: one built page for all their addresses, and what it asks first."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import get_conditional_response
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from config.context_processors import links, menu
from pages.errors import error_page, prefers_json

NOT_BUILT = "The pages of `frontend/` are not built."
BUILD = "Run: python -m config.npm ci, then: python -m config.npm run build"


class PageAddress:
    """Segments without a dot, none of them empty, the first of them none of the server's own."""

    regex = "[^./]+(/[^./]+)*/?"

    def to_python(self, value: str) -> str:
        if value.partition("/")[0] in settings.SERVER_PATHS:
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        return value


@cache
def _filled(folder: Path, title: str, description: str) -> str:
    text = (folder / "index.html").read_text(encoding="utf-8")
    for name in ("favicon.svg", "site.css"):
        text = text.replace(f'"/static/{name}"', f'"{static(name)}"')
    # Both come last: they are data, whatever they look like.
    text = text.replace("<title></title>", f"<title>{escape(title)}</title>", 1)
    described = 'name="description" content="'
    return text.replace(f'{described}"', f'{described}{escape(description)}"', 1)


def built() -> str:
    """Return the built page with what names the site, and its style: read once, in development anew.

    OSError where it was not built, ValueError where static files were not collected.
    """
    if settings.DEBUG:
        _filled.cache_clear()
    return _filled(settings.CLIENT_ROOT, settings.SITE_NAME, settings.SITE_DESCRIPTION)


def check_built() -> None:
    """Refuse to start a server that has no page to show."""
    if settings.DEBUG:
        return
    try:
        built()
    except OSError:
        raise ImproperlyConfigured(f"{NOT_BUILT} {BUILD}") from None
    except ValueError as error:
        advice = "Run: manage.py collectstatic --noinput"
        raise ImproperlyConfigured(f"Static files are not collected. {advice}") from error


@csrf_exempt  # another method is refused for what it is
@login_not_required
@require_safe
def page(request: HttpRequest, **_parts: object) -> HttpResponseBase:
    """Show the built page, the same for all and whatever an address names; programs find nothing."""
    if prefers_json(request) or not request.accepts("text/html"):
        return nothing(request)
    try:
        text = built()
    except OSError:
        return error_page(request, HTTPStatus.SERVICE_UNAVAILABLE, f"{NOT_BUILT} {BUILD}")
    etag = f'"{sha256(text.encode()).hexdigest()}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag, "Vary": "Accept"}
    response = HttpResponse(text, headers=headers)
    return get_conditional_response(request, etag, response=response) or response


@csrf_exempt
@login_not_required
def elsewhere(request: HttpRequest, address: str) -> HttpResponseBase:
    """Show the page wherever nothing else is; other methods find nothing."""
    return page(request) if request.method in ("GET", "HEAD") else nothing(request)


def nothing(request: HttpRequest) -> HttpResponse:
    """Tell whoever takes no page that nothing is there: no cache may tell a browser so."""
    response = error_page(request, HTTPStatus.NOT_FOUND)
    response["Cache-Control"] = "no-store"
    return response


def is_page(request: HttpRequest) -> bool:
    """Tell whether a request is for the page, for which nobody's session is looked at."""
    try:
        return resolve(request.path_info).func in (page, elsewhere)
    except Resolver404:
        return False


@csrf_exempt
@login_not_required
@require_safe
def site(request: HttpRequest) -> JsonResponse:
    """Tell the page what `base.html` shows to whoever asks: title, menus, ways in and out."""
    known = request.user.is_authenticated
    answer = {
        "title": settings.SITE_NAME,
        "description": settings.SITE_DESCRIPTION,
        "menu": _entries(menu(request)),
        "accountMenu": _entries(links(request, ["account_menu"])) if known else [],
        "signIn": reverse("users:sign_in"),
        "signOut": reverse("users:sign_out") if known else None,
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _entries(found: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [{"label": entry["label"], "url": entry["url"]} for entry in found]
